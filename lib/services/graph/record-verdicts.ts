import { eq, inArray, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { artifacts, links, verdicts } from '#db/schema/artifact.ts';
import type { LinkState, SignatureState } from '#lib/provenance/link-state.ts';
import type { Verdict, VerdictChange } from '#lib/provenance/verdict.ts';
import { verdictWords } from '#lib/provenance/verdict-words.ts';
import { findFault, type LinkAtFault } from '#lib/provenance/worst-path.ts';
import { inBatches } from './batch.ts';
import type { StoredGraph } from './verdict-graph.ts';

/** What changed in one settling, before anything of it is written. */
export interface GraphChanges {
  readonly verdicts: ReadonlyMap<number, VerdictChange>;
  /** Former states of own signatures that are others now. */
  readonly signatures: ReadonlyMap<number, SignatureState>;
  /** Former states of links that are others now. */
  readonly formerStates: ReadonlyMap<number, LinkState>;
}

/**
 * Writes new verdicts, and a row of history for each artifact whose signature or weakest link is another now.
 *
 * @returns those artifacts.
 */
export function recordVerdicts(
  tx: Writer,
  graph: StoredGraph,
  { verdicts: changes, signatures, formerStates }: GraphChanges,
  { cause, now }: { cause: string; now: number },
): number[] {
  const setVerdict = tx
    .update(artifacts)
    .set({
      weakest: sql`${sql.placeholder('weakest')}`,
      weakestLinkId: sql`${sql.placeholder('weakestLinkId')}`,
    })
    .where(eq(artifacts.id, sql.placeholder('id')))
    .prepare();
  for (const [id, { after }] of changes) setVerdict.run({ id, ...after });

  const told = [...changes].filter(([, { before, after }]) => before.weakest !== after.weakest).map(([id]) => id);
  const ids = [...new Set([...told, ...signatures.keys()])];
  const readArtifacts = inBatches((keys) =>
    tx
      .select({ id: artifacts.id, signature: artifacts.signature, signatureReason: artifacts.signatureReason })
      .from(artifacts)
      .where(inArray(artifacts.id, keys))
      .prepare(),
  );
  const insert = tx
    .insert(verdicts)
    .values({
      artifactId: sql.placeholder('artifactId'),
      at: now,
      signature: sql.placeholder('signature'),
      weakest: sql.placeholder('weakest'),
      reason: sql.placeholder('reason'),
      cause,
    })
    .prepare();
  const since = tx
    .update(artifacts)
    .set({ verdictSince: now })
    .where(eq(artifacts.id, sql.placeholder('id')))
    .prepare();
  const faults = new Faults(tx, graph, changes, formerStates);
  const stored = graph.verdictsOf(ids);
  for (const { id, signature, signatureReason } of readArtifacts(ids)) {
    const change = changes.get(id);
    const weakest = stored.get(id)?.weakest ?? null;
    const reason = verdictWords({
      signature: signatures.has(id) ? signatureReason : null,
      before: change ? change.before.weakest : weakest,
      after: weakest,
      fault: faults.now(id)?.reason ?? null,
      mended: change && change.before.weakest !== weakest ? (faults.former(id)?.reason ?? null) : null,
    });
    insert.run({ artifactId: id, signature, weakest, reason });
    since.run({ id });
  }
  return ids;
}

/** Finds links at fault, now and before, and reads each link once. */
class Faults {
  private readonly readLinks;
  private readonly graph: StoredGraph;
  private readonly changes: ReadonlyMap<number, VerdictChange>;
  private readonly formerStates: ReadonlyMap<number, LinkState>;
  private readonly known = new Map<number, LinkAtFault | null>();
  private readonly verdicts = new Map<number, Verdict | null>();

  constructor(
    tx: Writer,
    graph: StoredGraph,
    changes: ReadonlyMap<number, VerdictChange>,
    formerStates: ReadonlyMap<number, LinkState>,
  ) {
    this.readLinks = inBatches<number, LinkAtFault>((ids) =>
      tx
        .select({ id: links.id, parentId: links.parentId, state: links.state, reason: links.reason })
        .from(links)
        .where(inArray(links.id, ids))
        .prepare(),
    );
    this.graph = graph;
    this.changes = changes;
    this.formerStates = formerStates;
    const ends = [...changes.values()].flatMap(({ before, after }) => [before.weakestLinkId, after.weakestLinkId]);
    this.load(ends.filter((id) => id !== null));
  }

  now(id: number): LinkAtFault | null {
    return findFault(
      id,
      (node) => this.verdict(node),
      (link) => this.link(link),
    );
  }

  /** The link that was at fault, as it is judged now; null where it is gone. */
  former(id: number): LinkAtFault | null {
    const at = findFault(
      id,
      (node) => this.changes.get(node)?.before ?? this.verdict(node),
      (id) => {
        const link = this.link(id);
        return link && { ...link, state: this.formerStates.get(id) ?? link.state };
      },
    );
    return at && this.link(at.id);
  }

  private verdict(id: number): Verdict | null {
    const known = this.verdicts.get(id);
    if (known !== undefined) return known;
    const read = this.changes.get(id)?.after ?? this.graph.verdictsOf([id]).get(id) ?? null;
    this.verdicts.set(id, read);
    return read;
  }

  private link(id: number): LinkAtFault | null {
    if (!this.known.has(id)) this.load([id]);
    return this.known.get(id) ?? null;
  }

  private load(ids: readonly number[]): void {
    for (const id of ids) this.known.set(id, null);
    for (const link of this.readLinks(ids)) this.known.set(link.id, link);
  }
}
