import type { Chain } from './chain.ts';
import { formatCount, formatPlural } from './format.ts';
import type { LinkState, SignatureState } from './link-state.ts';
import type { Part, Sentence } from './sentence.ts';

/** A verdict as it is stored: `reason` is a whole sentence with a full stop. */
export interface PastVerdict {
  readonly at: number;
  readonly signature: SignatureState;
  readonly weakest: LinkState | null;
  readonly reason: string;
}

/** How an unbroken run of verdicts with one weakest link begins. */
const OPENINGS: Readonly<Record<LinkState, string>> = {
  verified: 'Whole since ',
  'parent-unsigned': 'Broken since ',
  'parent-unknown': 'Not known to be whole since ',
  declared: 'Only declared since ',
  conflict: 'Broken since ',
};

/** Whether a weakest link is a break: somebody has to do something, rather than show something. */
export function isBroken(weakest: LinkState | null): boolean {
  return weakest === 'parent-unsigned' || weakest === 'conflict';
}

/**
 * Whether there is a break upstream, since when and why.
 *
 * @param verdicts newest first; the first one is what holds now.
 * @param why the reason of the weakest link, a whole sentence; null where the chain at hand does not reach it.
 */
export function chainSentence(
  weakest: LinkState | null,
  verdicts: readonly PastVerdict[],
  why: string | null,
): Sentence {
  if (weakest === null) return ['Nothing says what it was made from, so there is no chain to judge.'];
  const reason = weakest === 'verified' ? null : (why ?? lastReason(weakest, verdicts));
  const since = sinceWhen(weakest, verdicts);
  if (since === null) return [`${WITHOUT_HISTORY[weakest]}${reason === null ? '' : ` ${reason}`}`];
  const time: Part = { kind: 'time', at: since, source: null };
  return [OPENINGS[weakest], time, `: ${reason ?? BECAUSE[weakest]}`];
}

function lastReason(weakest: LinkState, [latest]: readonly PastVerdict[]): string | null {
  return latest?.weakest === weakest ? latest.reason : null;
}

const BECAUSE: Readonly<Record<LinkState, string>> = {
  verified: 'every link upstream is verified.',
  'parent-unsigned': 'an input upstream is signed by nobody who should sign it.',
  'parent-unknown': 'nobody has shown an input that is named by its digest.',
  declared: 'an input is named, and nothing proves it.',
  conflict: 'what is stated contradicts what is proven.',
};

const WITHOUT_HISTORY: Readonly<Record<LinkState, string>> = {
  verified: 'Every link upstream is verified.',
  'parent-unsigned': 'Broken: an input upstream is signed by nobody who should sign it.',
  'parent-unknown': 'Not known to be whole: nobody has shown an input that is named by its digest.',
  declared: 'Only declared: an input is named, and nothing proves it.',
  conflict: 'Broken: what is stated contradicts what is proven.',
};

/** When the present run of verdicts of one kind began; a break for another reason is the same break. */
function sinceWhen(weakest: LinkState, verdicts: readonly PastVerdict[]): number | null {
  const isSame = (other: LinkState | null) => other === weakest || (isBroken(weakest) && isBroken(other));
  let since: number | null = null;
  for (const verdict of verdicts) {
    if (!isSame(verdict.weakest)) break;
    since = verdict.at;
  }
  return since;
}

/** How complete a chain is: links by digest, and things that are not shown. */
export function completenessSentence({ nodes, omitted, summary }: Chain): string {
  const things = formatPlural(nodes.length + omitted - 1, 'thing');
  if (summary.total === 0) return 'No input is stated.';
  const pinned =
    summary.pinned === summary.total
      ? 'all of them by digest'
      : `${formatCount(summary.pinned)} of them by digest, ${formatCount(summary.total - summary.pinned)} by a name alone`;
  return `${things} upstream over ${formatPlural(summary.total, 'link')}, ${pinned}.`;
}
