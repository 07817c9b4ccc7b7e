import { eq, inArray, isNotNull } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { declarations } from '#db/schema/artifact.ts';
import { bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import type { incidentEvents } from '#db/schema/incident.ts';
import { checkpoints, logs } from '#db/schema/log.ts';
import type { DeclarationFacts } from '#lib/declaration/facts.ts';
import type {
  ArchivedBundle,
  ArchivedDeclaration,
  ArchivedEvent,
  ArchivedProof,
} from '#lib/incident-archive/documents.ts';
import { splitHashes } from '#lib/provenance/tlog-proof.ts';
import { inBatches } from '#lib/services/graph/batch.ts';
import { encodeBase64 } from '#lib/tlog/base64.ts';

/** Bundles by id, in its order; ids that nobody knows are passed over. */
export function readBundles(db: Db, ids: readonly string[]): ArchivedBundle[] {
  const read = inBatches((keys) =>
    db
      .select({
        id: bundles.id,
        sha256: bundles.sha256,
        state: bundles.state,
        method: bundles.method,
        san: bundles.san,
        issuer: bundles.issuer,
        keySha256: bundles.keySha256,
        signedAt: bundles.signedAt,
        signedAtSource: bundles.signedAtSource,
        predicateType: bundles.predicateType,
        event: bundles.eventId,
        linkedBy: bundles.linkedBy,
        firstSeenAt: bundles.firstSeenAt,
      })
      .from(bundles)
      .where(inArray(bundles.id, keys))
      .prepare(),
  );
  return read(ids)
    .map(({ san, issuer, id, sha256, state, method, ...rest }) => ({
      id,
      sha256,
      state,
      method,
      signer: san === null ? null : { san, issuer },
      ...rest,
    }))
    .sort(byId);
}

export interface ReadEvents {
  readonly events: readonly ArchivedEvent[];
  readonly proofs: ReadonlyMap<string, { readonly proof: ArchivedProof; readonly checkpoint: string }>;
}

/** Events by id, in its order, with the proofs of those whose entry, proof and checkpoint are kept. */
export function readEvents(
  db: Db,
  ids: readonly string[],
  linked: ReadonlyMap<string, typeof incidentEvents.$inferSelect>,
): ReadEvents {
  const read = inBatches((keys) =>
    db
      .select({
        event: {
          id: events.id,
          kind: events.kind,
          san: events.san,
          issuer: events.issuer,
          publicKeySha256: events.publicKeySha256,
          authenticity: events.authenticity,
          signedAt: events.signedAt,
          signedAtSource: events.signedAtSource,
          firstSeenAt: events.firstSeenAt,
          logIndex: events.logIndex,
          leafHash: events.leafHash,
          treeSize: events.treeSize,
          inclusionProof: events.inclusionProof,
        },
        hasEntry: isNotNull(events.entry),
        origin: logs.origin,
        api: logs.api,
        note: checkpoints.note,
      })
      .from(events)
      .leftJoin(logs, eq(logs.id, events.logId))
      .leftJoin(checkpoints, eq(checkpoints.id, events.checkpointId))
      .where(inArray(events.id, keys))
      .prepare(),
  );
  const proofs = new Map<string, { proof: ArchivedProof; checkpoint: string }>();
  const listed = read(ids).map(({ event, hasEntry, origin, api, note }): ArchivedEvent => {
    const { id, kind, san, issuer, logIndex, leafHash, treeSize, inclusionProof, ...facts } = event;
    if (
      hasEntry &&
      origin !== null &&
      note !== null &&
      logIndex !== null &&
      leafHash !== null &&
      treeSize !== null &&
      inclusionProof
    ) {
      const hashes = splitHashes(inclusionProof).map(encodeBase64);
      proofs.set(id, { proof: { event: id, origin, logIndex, treeSize, leafHash, hashes }, checkpoint: note });
    }
    const beside = linked.get(id);
    return {
      id,
      linked: beside ? { note: beside.note, addedAt: beside.addedAt } : null,
      kind,
      signer: san === null ? null : { san, issuer },
      ...facts,
      log: origin === null || api === null || logIndex === null ? null : { origin, api, index: logIndex },
      proof: proofs.has(id),
    };
  });
  return { events: listed.sort(byId), proofs: new Map([...proofs].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** What unsigned files said, by id. */
export function readDeclarations(db: Db, ids: readonly number[]): ArchivedDeclaration[] {
  const read = inBatches((keys) => db.select().from(declarations).where(inArray(declarations.id, keys)).prepare());
  return read(ids)
    .map(({ id, artifactId: artifact, source, path, kind, sha256, facts }) => {
      const { inputs } = JSON.parse(facts) as DeclarationFacts;
      return {
        id,
        artifact,
        source,
        path,
        kind,
        sha256,
        inputs: inputs.map(({ role, name, uri, digests, at }) => ({ role, name, uri, digests: [...digests], at })),
      };
    })
    .sort((a, b) => a.id - b.id);
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}
