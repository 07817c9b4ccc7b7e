import type { ChainFault } from '#lib/provenance/audit-chain.ts';
import type { State } from '#lib/provenance/state.ts';
import { StateMark } from '../_ui/state-mark.tsx';

const WHOLE: State = {
  tone: 'proven',
  word: 'Whole',
  meaning: 'Each entry follows from the one before it; nothing was changed, taken out or put in between.',
};
const BROKEN: State = { tone: 'broken', word: 'Broken', meaning: 'Somebody wrote to the database besides Modeltrail.' };

export interface CheckedChain {
  readonly chain: string;
  readonly fault: ChainFault | null;
}

/** Whether chains hold, the broken ones by name. */
export function ChainState({ chains }: { chains: readonly CheckedChain[] }) {
  const broken = chains.filter(({ fault }) => fault !== null);
  if (broken.length === 0) {
    return (
      <p className="flex flex-wrap items-center gap-x-3">
        <StateMark state={WHOLE} />
        <span className="text-muted">
          {chains.length === 1 ? 'This chain was' : `All ${chains.length} chains were`} checked just now, hash by hash.
          An end that is cut off shows only beside a hash that was noted elsewhere.
        </span>
      </p>
    );
  }
  return (
    <ul className="flex flex-col gap-1">
      {broken.map(({ chain, fault }) => (
        <li key={chain} className="flex flex-wrap items-center gap-x-3">
          <StateMark state={BROKEN} />
          <span className="wrap-anywhere">
            Chain <span className="mono">{chain}</span>, entry {fault?.seq}: {fault?.problem}. Compare it with a backup.
          </span>
        </li>
      ))}
    </ul>
  );
}
