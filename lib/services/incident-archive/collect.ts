import { asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Db, OpenDatabase } from '#db/client.ts';
import { auditEntries } from '#db/schema/audit.ts';
import { incidentEvents, incidents } from '#db/schema/incident.ts';
import { users } from '#db/schema/user.ts';
import { type ArchivedIncident, type ArchivedLink, incidentSchema } from '#lib/incident-archive/documents.ts';
import type { ArchiveContents } from '#lib/incident-archive/write-archive.ts';
import { NO_PREVIOUS } from '#lib/provenance/audit-chain.ts';
import { getBundleBytes } from '#lib/services/bundle/get.ts';
import { getEntryBytes } from '#lib/services/event/get-download.ts';
import { followMerges } from './follow-merges.ts';
import { describeArtifacts, listAffected, readAffected, type StoredAffected } from './read-affected.ts';
import { readBundles, readDeclarations, readEvents } from './read-evidence.ts';
import { describeLinks, readPathLinks } from './read-links.ts';
import { operatorTrustInForce, readTrust } from './read-trust.ts';

const inputSchema = z.object({
  /** The incident's id, or its number as people write it: `7`, `#7`. */
  id: z.string().max(100),
  /** What the archive says of when it was made: milliseconds since the epoch. */
  now: z.int(),
});

/**
 * All that the archive of an incident is made of, as of one moment; bytes of bundles and entries, which never change, are
 * read when they are written. Null where there is no such incident.
 */
export async function collectArchive(
  database: OpenDatabase,
  input: z.input<typeof inputSchema>,
): Promise<ArchiveContents | null> {
  const { id, now } = inputSchema.parse(input);
  const { db } = database;
  const operator = await operatorTrustInForce(db);
  const collected = db.transaction(() => collect(db, id, now, operator));
  return (
    collected && {
      ...collected,
      readBundle: async (bundle) => required(await getBundleBytes(database, { id: bundle }), bundle),
      readEntry: async (event) => required(await getEntryBytes(database, { id: event }), event),
    }
  );
}

function collect(db: Db, named: string, now: number, operator: Awaited<ReturnType<typeof operatorTrustInForce>>) {
  const number = /^#?([1-9]\d{0,8})$/.exec(named)?.[1];
  const by = number === undefined ? eq(incidents.id, named) : eq(incidents.number, Number(number));
  const row = db.select().from(incidents).where(by).get();
  if (!row) return null;
  const { id } = row;
  const audit = readAudit(db, id);
  const stored = followMerges(db, readAffected(db, id));
  const { rows, linkOf } = readPathLinks(db, stored);
  const described = describeArtifacts(db, [
    ...stored.flatMap(({ artifactId, path }) => [artifactId, ...path.map((step) => step.artifactId)]),
    ...rows.flatMap(({ childId, parentId }) => [childId, parentId]),
  ]);
  const artifacts = [...described.values()];
  const links = describeLinks(db, rows, described);
  const proofs = proofsOf(stored);
  const bundles = readBundles(db, [
    ...proofs.bundles,
    ...links.flatMap(({ statedBy }) => ('bundle' in statedBy ? statedBy.bundle : [])),
    ...artifacts.flatMap(({ signedBy }) => signedBy),
  ]);
  const linked = db.select().from(incidentEvents).where(eq(incidentEvents.incidentId, id)).all();
  const events = readEvents(
    db,
    [...proofs.events, ...linked.map(({ eventId }) => eventId), ...bundles.flatMap(({ event }) => event ?? [])],
    new Map(linked.map((beside) => [beside.eventId, beside])),
  );
  const { trust, files: trustFiles } = readTrust(db, operator, { bundles, events: events.events });
  return {
    incident: describeIncident(db, row, audit, now),
    affected: { artifacts, affected: listAffected(stored, described, linkOf) },
    links,
    bundles,
    ...events,
    declarations: readDeclarations(db, [...proofs.declarations, ...declarationsOf(links)]),
    trust,
    trustFiles,
    audit,
  };
}

function describeIncident(
  db: Db,
  row: typeof incidents.$inferSelect,
  audit: readonly { readonly hash: string }[],
  exportedAt: number,
): ArchivedIncident {
  const owner =
    row.ownerId === null
      ? undefined
      : db.select({ name: users.name }).from(users).where(eq(users.id, row.ownerId)).get();
  return incidentSchema.parse({
    id: row.id,
    number: row.number,
    title: row.title,
    state: row.state,
    severity: row.severity,
    owner: owner?.name ?? null,
    openedAt: row.openedAt,
    updatedAt: row.updatedAt,
    closedAt: row.closedAt,
    evaluatedAt: row.evaluatedAt,
    scope: JSON.parse(row.scope),
    notice: row.notice === null ? null : { wording: row.notice, publicAt: row.noticeAt },
    audit: { entries: audit.length, lastHash: audit.at(-1)?.hash ?? NO_PREVIOUS },
    exportedAt,
  });
}

function readAudit(db: Db, chain: string) {
  const rows = db.select().from(auditEntries).where(eq(auditEntries.chain, chain)).orderBy(asc(auditEntries.seq)).all();
  return rows.map(({ row: _, ...entry }) => entry);
}

function proofsOf(stored: readonly StoredAffected[]) {
  const all = stored.flatMap(({ path }) => path.flatMap(({ proofs }) => proofs));
  return {
    bundles: all.filter((proof) => proof.startsWith('bdl_')),
    events: all.filter((proof) => proof.startsWith('evt_')),
    declarations: all.flatMap((proof) => {
      const number = /^declaration (\d{1,15})$/.exec(proof)?.[1];
      return number === undefined ? [] : [Number(number)];
    }),
  };
}

function declarationsOf(links: readonly ArchivedLink[]): number[] {
  return links.flatMap(({ statedBy }) => ('declaration' in statedBy ? statedBy.declaration : []));
}

function required(bytes: Uint8Array | null, id: string): Uint8Array {
  if (bytes === null) throw new Error(`${id} was there a moment ago, and is gone.`);
  return bytes;
}
