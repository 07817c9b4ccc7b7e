import type { ChainEdge } from '#lib/provenance/chain.ts';
import { LINK_STATES } from '#lib/provenance/link-state.ts';
import { LINK } from '#lib/provenance/state.ts';
import { EDGE_CLASSES } from './edge-classes.ts';

/** What the lines of the picture mean, of those that are in it. */
export function ChainLegend({ edges }: { edges: readonly ChainEdge[] }) {
  const states = LINK_STATES.filter((state) => edges.some((edge) => edge.state === state));
  if (states.length === 0) return null;
  return (
    <ul aria-label="Legend of the chain" className="mt-2 flex flex-wrap gap-x-5 gap-y-1 text-[0.8125rem] text-muted">
      {states.map((state) => (
        <li key={state} className="flex items-center gap-1.5" title={LINK[state].meaning}>
          <svg width="30" height="8" viewBox="0 0 30 8" aria-hidden="true">
            <line x2="30" y1="4" y2="4" strokeWidth="2" className={EDGE_CLASSES[state]} />
          </svg>
          {LINK[state].word}
        </li>
      ))}
      <li className="flex items-center gap-1.5">
        <svg width="30" height="8" viewBox="0 0 30 8" aria-hidden="true">
          <line x2="30" y1="4" y2="4" strokeWidth="4" stroke="var(--edge)" />
        </svg>
        Thick: the way to the weakest link
      </li>
    </ul>
  );
}
