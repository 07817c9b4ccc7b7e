import type Database from 'better-sqlite3';
import { eq } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { bundleSubjects, bundles } from '#db/schema/bundle.ts';
import { eventMatches, events } from '#db/schema/event.ts';
import { indexEvent } from '#db/search.ts';
import type { CertificateFacts } from '#lib/watch/certificate.ts';

/** Longest piece indexed of one value: a hostile name must not fill the index. */
const TERM_LIMIT = 512;

/** Makes an event findable by who signed, what was signed, and what its bundles say it is. */
export function reindexEvent(tx: Writer, sqlite: Database.Database, eventId: string): void {
  const event = tx.select().from(events).where(eq(events.id, eventId)).get();
  if (!event) return;
  const facts = event.certificate ? (JSON.parse(event.certificate) as CertificateFacts) : null;
  const rules = tx
    .select({ rule: eventMatches.rule })
    .from(eventMatches)
    .where(eq(eventMatches.eventId, eventId))
    .all();
  const subjects = tx
    .select({ name: bundleSubjects.name, digest: bundleSubjects.digest })
    .from(bundles)
    .innerJoin(bundleSubjects, eq(bundleSubjects.bundleId, bundles.id))
    .where(eq(bundles.eventId, eventId))
    .all();
  const terms = [
    event.id,
    event.san,
    event.issuer,
    event.digest,
    event.leafHash,
    event.kind,
    event.certificateSha256,
    ...(facts?.sans.map(({ value }) => value) ?? []),
    ...(facts?.extensions.map(({ value }) => value) ?? []),
    ...rules.map(({ rule }) => rule),
    ...subjects.flatMap(({ name, digest }) => [name, digest]),
  ];
  const distinct = new Set(
    terms.filter((term) => term !== null && term !== '').map((term) => String(term).slice(0, TERM_LIMIT)),
  );
  indexEvent(sqlite, event.row, eventId, [...distinct]);
}
