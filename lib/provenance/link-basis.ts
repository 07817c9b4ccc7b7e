import type { ChainEdge } from './chain.ts';

/** Whether a link rests on a signature at all: a file beside a model proves nothing, whatever digests it has. */
export type EdgeBasis = 'signed' | 'both' | 'declared';

export const LINK_BASIS: Readonly<Record<EdgeBasis, string>> = {
  signed: 'signed statement',
  both: 'signed statement and unsigned file',
  declared: 'unsigned file only',
};

/** On what the statements of a link rest, all together. */
export function linkBasis({ statements }: Pick<ChainEdge, 'statements'>): EdgeBasis {
  const isSigned = statements.some(({ bundleId }) => bundleId !== null);
  const isDeclared = statements.some(({ declaration }) => declaration !== null);
  return isSigned && isDeclared ? 'both' : isSigned ? 'signed' : 'declared';
}
