import type { ArchivedAffected, ArchivedLink, ArchivedStep } from './documents.ts';

type Tier = ArchivedAffected['tier'];

/** Whether links of this path must count as proof: the others are only told of. */
export function isSure({ tier }: { readonly tier: Tier }): boolean {
  return tier === 'proven' || tier === 'descendant';
}

/** Whether a link counts as proof that its child is made of its parent. */
export function countsAsProof({ basis, state }: Pick<ArchivedLink, 'basis' | 'state'>): boolean {
  return basis === 'attester' && countsAs(state);
}

/** Whether a state is one of links that count. */
export function countsAs(state: ArchivedLink['state'] | null): boolean {
  return state !== null && state !== 'declared' && state !== 'conflict';
}

/**
 * What became of the link that led to a step since its path was found. A closed incident keeps its paths, and links are judged
 * anew all the time.
 *
 * @param link null where it is known no more.
 * @returns null where it is as it was; also for archives of version 1, which do not say what it was.
 */
export function changeOf(
  { state }: ArchivedStep,
  link: ArchivedLink | null,
  tier: Tier,
): 'gone' | 'counts-no-more' | 'judged-anew' | null {
  if (state == null) return null;
  if (link === null) return 'gone';
  if (isSure({ tier }) && !countsAsProof(link)) return 'counts-no-more';
  return link.state === state ? null : 'judged-anew';
}
