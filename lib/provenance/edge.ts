import type { InputRole } from '#lib/attestation/facts.ts';
import type { LinkBasis } from './judge-link.ts';
import { LINK_STATES, type LinkState } from './link-state.ts';

/** A judged statement of a link, as far as folding needs it. */
export interface JudgedLink {
  readonly id: number;
  readonly parentId: number;
  readonly role: InputRole;
  readonly basis: LinkBasis;
  readonly state: LinkState;
  readonly reason: string;
  readonly isPinned: boolean;
}

/** Child to parent in one role: what all documents together say. */
export interface Edge<L extends JudgedLink = JudgedLink> {
  /** Of the strongest statement. */
  readonly id: number;
  readonly parentId: number;
  readonly role: InputRole;
  readonly state: LinkState;
  /** The statement that `state` is of. */
  readonly deciding: L;
  /** The strongest first. */
  readonly statements: readonly L[];
  readonly isPinned: boolean;
  /** Whether it is part of the verdict. What outsiders alone say is shown, and is not: it would break any chain they like. */
  readonly counts: boolean;
}

/**
 * Folds the statements of one child's inputs into edges, one a parent and role, in the order of their ids. The strongest
 * statement decides, unless one conflicts.
 */
export function foldEdges<L extends JudgedLink>(links: readonly L[]): Edge<L>[] {
  const groups = new Map<string, L[]>();
  for (const link of links) {
    const key = `${link.parentId} ${link.role}`;
    const group = groups.get(key);
    if (group) group.push(link);
    else groups.set(key, [link]);
  }
  return [...groups.values()].map(toEdge).sort((a, b) => a.id - b.id);
}

function toEdge<L extends JudgedLink>(group: readonly L[]): Edge<L> {
  const statements = [...group].sort((a, b) => rank(a) - rank(b) || a.id - b.id);
  const strongest = statements[0] as L;
  const deciding = statements.find(({ state }) => state === 'conflict') ?? strongest;
  return {
    id: strongest.id,
    parentId: strongest.parentId,
    role: strongest.role,
    state: deciding.state,
    deciding,
    statements,
    isPinned: statements.some(({ isPinned }) => isPinned),
    counts: statements.some(({ basis }) => basis !== 'outsider'),
  };
}

const BASES: readonly LinkBasis[] = ['attester', 'declaration', 'outsider'];

/** By state, and of one state the word of those who should speak first, then files, then outsiders. */
function rank({ state, basis }: JudgedLink): number {
  return LINK_STATES.indexOf(state) * BASES.length + BASES.indexOf(basis);
}
