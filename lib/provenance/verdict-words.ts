import type { LinkState } from './link-state.ts';

/** What one row of a verdict's history is to say. */
export interface VerdictNews {
  /** The reason of the own signature's state, where that is another now. */
  readonly signature: string | null;
  readonly before: LinkState | null;
  readonly after: LinkState | null;
  /** Of the link at fault. */
  readonly fault: string | null;
  /** What is said now of the link that was at fault; null where it is stated no more. */
  readonly mended: string | null;
}

/** Why a verdict is what it is now, in one or two sentences. */
export function verdictWords({ signature, before, after, fault, mended }: VerdictNews): string {
  // A chain that is still broken is said again: a row by itself must not look better than the verdict is.
  const isWhole = after === null || after === 'verified';
  const chain = before === after && isWhole ? null : chainWords({ before, after, fault, mended });
  return [signature, chain].filter((words) => words !== null).join(' ') || 'Nothing is stated of it.';
}

function chainWords({ before, after, fault, mended }: Omit<VerdictNews, 'signature'>): string {
  if (after === null) return 'No input of it is stated any more.';
  if (after !== 'verified') return fault ?? 'A link upstream is at fault.';
  if (before === null) return 'Every link upstream is verified.';
  return mended === null
    ? 'Mended: the input at fault is stated no more, and every link upstream is verified.'
    : `Mended: ${mended} Every link upstream is verified.`;
}
