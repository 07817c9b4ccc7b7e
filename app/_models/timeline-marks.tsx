import type { SigningKind } from '#lib/provenance/timeline.ts';
import { type DrawnTimeline, KIND_WORDS } from './drawn-timeline.ts';

const KINDS = ['model', 'undated', 'attestation', 'unclaimed', 'observed'] as const;

const SHORT_WORDS: Readonly<Record<SigningKind, string>> = { ...KIND_WORDS, undated: 'Signed, not logged' };

/** The shape of a kind of signing, centred on the origin: a disc, a ring, a sheet of paper, a broken ring, a cross. */
export function KindShape({ kind }: { kind: SigningKind }) {
  if (kind === 'model') return <circle r="6" fill="var(--accent)" />;
  if (kind === 'undated') return <circle r="5" fill="var(--surface)" stroke="var(--accent)" strokeWidth="2.2" />;
  if (kind === 'observed')
    return (
      <>
        <rect x="-6" y="-6" width="12" height="12" fill="var(--surface)" />
        <path d="M-5-5L5 5M5-5L-5 5" stroke="var(--broken)" strokeWidth="2.4" />
      </>
    );
  if (kind === 'unclaimed')
    return <circle r="4.8" fill="var(--surface)" stroke="var(--unknown)" strokeWidth="1.8" strokeDasharray="2.6 2" />;
  return (
    <>
      <rect
        x="-5"
        y="-6.5"
        width="10"
        height="13"
        rx="1.5"
        fill="var(--surface)"
        stroke="var(--accent)"
        strokeWidth="1.7"
      />
      <path d="M-2.3-2h4.6M-2.3 1.5h4.6" stroke="var(--accent)" strokeWidth="1.3" />
    </>
  );
}

/** Says what the shapes mean, and the other signs of the picture. */
export function TimelineLegend({ timeline: { kinds, gaps, changes } }: { timeline: DrawnTimeline }) {
  return (
    <ul aria-label="Legend" className="flex flex-wrap gap-x-5 gap-y-1 text-[0.8125rem] text-muted">
      {KINDS.filter((kind) => kinds.includes(kind)).map((kind) => (
        <li key={kind} className="flex items-center gap-1.5">
          <svg width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true">
            <KindShape kind={kind} />
          </svg>
          {SHORT_WORDS[kind]}
        </li>
      ))}
      {changes.length > 0 ? (
        <li className="flex items-center gap-1.5">
          <svg width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true">
            <line y1="-7" y2="7" stroke="var(--claimed)" strokeWidth="1.6" strokeDasharray="3 2" />
          </svg>
          Signer or workflow changed
        </li>
      ) : null}
      {gaps.length > 0 ? (
        <li className="flex items-center gap-1.5">
          <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
            <path d="M1 15L15 1M1 8L8 1M8 15L15 8" stroke="var(--edge)" />
          </svg>
          Unusually long silence
        </li>
      ) : null}
    </ul>
  );
}
