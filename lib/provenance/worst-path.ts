import type { LinkState } from './link-state.ts';
import type { Verdict } from './verdict.ts';

export interface LinkAtFault {
  readonly id: number;
  readonly parentId: number;
  readonly state: LinkState;
  readonly reason: string;
}

type VerdictOf = (id: number) => Verdict | null;

/**
 * The way from an artifact to the link that makes its verdict, that link last. Empty without a verdict, and cut short where
 * a link is missing.
 */
export function worstPath<L extends Pick<LinkAtFault, 'parentId' | 'state'>>(
  from: number,
  verdictOf: VerdictOf,
  linkOf: (id: number) => L | null,
): L[] {
  const path: L[] = [];
  const seen = new Set<number>();
  let verdict = verdictOf(from);
  for (let id = from; verdict !== null && verdict.weakestLinkId !== null && !seen.has(id); verdict = verdictOf(id)) {
    seen.add(id);
    const link = linkOf(verdict.weakestLinkId);
    if (link === null) break;
    path.push(link);
    if (link.state === verdict.weakest) break;
    id = link.parentId;
  }
  return path;
}

/** The link that makes an artifact's verdict, where it is known. */
export function findFault(
  from: number,
  verdictOf: VerdictOf,
  linkOf: (id: number) => LinkAtFault | null,
): LinkAtFault | null {
  const last = worstPath(from, verdictOf, linkOf).at(-1) ?? null;
  return last !== null && last.state === verdictOf(from)?.weakest ? last : null;
}
