import { and, inArray, ne } from 'drizzle-orm';
import type { Db, Writer } from '#db/client.ts';
import { artifacts, links } from '#db/schema/artifact.ts';
import { type Edge, foldEdges } from '#lib/provenance/edge.ts';
import type { Verdict, VerdictEdge, VerdictGraph } from '#lib/provenance/verdict.ts';
import { groupBy, inBatches } from './batch.ts';

const JUDGED = {
  id: links.id,
  childId: links.childId,
  parentId: links.parentId,
  role: links.role,
  basis: links.basis,
  digests: links.digests,
  state: links.state,
  reason: links.reason,
};

/** The stored graph as `settleVerdicts` reads it. */
export class StoredGraph implements VerdictGraph {
  private readonly readLinks;
  private readonly readDependants;
  private readonly readVerdicts;

  constructor(tx: Writer | Db) {
    this.readLinks = inBatches((ids) => tx.select(JUDGED).from(links).where(inArray(links.childId, ids)).prepare());
    this.readDependants = inBatches((ids) =>
      tx
        .select({
          id: links.id,
          childId: links.childId,
          parentId: links.parentId,
        })
        .from(links)
        .where(and(inArray(links.parentId, ids), ne(links.basis, 'outsider')))
        .prepare(),
    );
    this.readVerdicts = inBatches((ids) =>
      tx
        .select({ id: artifacts.id, weakest: artifacts.weakest, weakestLinkId: artifacts.weakestLinkId })
        .from(artifacts)
        .where(inArray(artifacts.id, ids))
        .prepare(),
    );
  }

  /** Folded edges that count, by child. */
  edgesOf(ids: readonly number[]): Map<number, Edge[]> {
    const rows = this.readLinks(ids).map((row) => ({ ...row, isPinned: row.digests !== '[]' }));
    const groups = groupBy(rows, ({ childId }) => childId);
    return new Map([...groups].map(([id, list]) => [id, foldEdges(list).filter(({ counts }) => counts)]));
  }

  inputsOf(ids: readonly number[]): Map<number, VerdictEdge[]> {
    return new Map([...this.edgesOf(ids)].map(([id, edges]) => [id, edges.map(toVerdictEdge)]));
  }

  dependantsOf(ids: readonly number[]): Map<number, { childId: number; linkId: number }[]> {
    const rows = this.readDependants(ids).map(({ id, childId, parentId }) => ({ childId, parentId, linkId: id }));
    return groupBy(rows, ({ parentId }) => parentId);
  }

  verdictsOf(ids: readonly number[]): Map<number, Verdict> {
    return new Map(this.readVerdicts(ids).map(({ id, weakest, weakestLinkId }) => [id, { weakest, weakestLinkId }]));
  }
}

function toVerdictEdge({ deciding, statements, parentId, state }: Edge): VerdictEdge {
  return { linkId: deciding.id, linkIds: statements.map(({ id }) => id), parentId, state };
}
