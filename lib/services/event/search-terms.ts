import type Database from 'better-sqlite3';
import { eq, sql } from 'drizzle-orm';
import { preparedOnce } from '#db/prepared.ts';
import { bundleSubjects, bundles } from '#db/schema/bundle.ts';
import { eventMatches, events } from '#db/schema/event.ts';
import { indexEvent } from '#db/search.ts';
import type { CertificateFacts } from '#lib/watch/certificate.ts';

/** Longest piece indexed of one value: a hostile name must not fill the index. */
const TERM_LIMIT = 512;

const ID = sql.placeholder('id');

const eventById = preparedOnce((db) => db.select().from(events).where(eq(events.id, ID)).prepare());

const rulesOfEvent = preparedOnce((db) =>
  db.select({ rule: eventMatches.rule }).from(eventMatches).where(eq(eventMatches.eventId, ID)).prepare(),
);

const subjectsOfEvent = preparedOnce((db) =>
  db
    .select({ name: bundleSubjects.name, digest: bundleSubjects.digest })
    .from(bundles)
    .innerJoin(bundleSubjects, eq(bundleSubjects.bundleId, bundles.id))
    .where(eq(bundles.eventId, ID))
    .prepare(),
);

/** Makes an event findable by who signed, what was signed, and what its bundles say it is. */
export function reindexEvent(sqlite: Database.Database, id: string): void {
  const event = eventById(sqlite).get({ id });
  if (!event) return;
  const facts = event.certificate ? (JSON.parse(event.certificate) as CertificateFacts) : null;
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
    ...rulesOfEvent(sqlite)
      .all({ id })
      .map(({ rule }) => rule),
    ...subjectsOfEvent(sqlite)
      .all({ id })
      .flatMap(({ name, digest }) => [name, digest]),
  ];
  const distinct = new Set(
    terms.filter((term) => term !== null && term !== '').map((term) => String(term).slice(0, TERM_LIMIT)),
  );
  indexEvent(sqlite, event.row, id, [...distinct]);
}
