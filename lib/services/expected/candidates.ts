import { and, between, eq, exists, gte, inArray, isNull, lte, or, type SQL, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { bundles } from '#db/schema/bundle.ts';
import { eventMatches, events } from '#db/schema/event.ts';
import { expectedSignings } from '#db/schema/expected.ts';
import type { CertificateFacts } from '#lib/watch/certificate.ts';

export type ExpectedRow = typeof expectedSignings.$inferSelect;

/** What of an event a declaration is compared with. */
export interface CandidateEvent {
  readonly id: string;
  readonly occurredAt: number;
  readonly san: string | null;
  readonly issuer: string | null;
  readonly digest: string | null;
  readonly certificate: string | null;
}

const FIELDS = {
  id: events.id,
  occurredAt: events.occurredAt,
  san: events.san,
  issuer: events.issuer,
  digest: events.digest,
  certificate: events.certificate,
};

/** Only verified signings that met an own rule can be accounted for: of others, nothing is proved or nobody asks. */
function mayBeExpected(tx: Writer): SQL | undefined {
  const own = tx
    .select({ one: sql`1` })
    .from(eventMatches)
    .where(and(eq(eventMatches.eventId, events.id), eq(eventMatches.own, true)));
  return and(eq(events.authenticity, 'verified'), exists(own));
}

/** The event, if it can be accounted for at all. */
export function readCandidate(tx: Writer, id: string): CandidateEvent | undefined {
  return tx
    .select(FIELDS)
    .from(events)
    .where(and(eq(events.id, id), mayBeExpected(tx)))
    .get();
}

/** The events that meet every criterion of a declaration, in the order of their time. */
export function eventsOf(tx: Writer, declared: ExpectedRow): CandidateEvent[] {
  const { digest, san, issuer, run, validFrom, validUntil } = declared;
  return tx
    .select(FIELDS)
    .from(events)
    .where(
      and(
        between(events.occurredAt, validFrom, validUntil),
        digest === null ? undefined : or(eq(events.digest, digest), exists(bundleOf(tx, digest))),
        san === null ? undefined : eq(events.san, san),
        issuer === null ? undefined : eq(events.issuer, issuer),
        run === null ? undefined : sql`instr(${events.certificate}, ${JSON.stringify(run)}) > 0`,
        mayBeExpected(tx),
      ),
    )
    .orderBy(events.occurredAt, events.id)
    .all()
    .filter((event) => namesAsDeclared(event, declared));
}

/** The declarations whose every criterion an event meets; those with the most criteria first. */
export function declarationsOf(tx: Writer, event: CandidateEvent): ExpectedRow[] {
  const digests = [...new Set([...(event.digest === null ? [] : [event.digest]), ...bundleDigests(tx, event.id)])];
  const { digest, san, issuer, validFrom, validUntil } = expectedSignings;
  return tx
    .select()
    .from(expectedSignings)
    .where(
      and(
        lte(validFrom, event.occurredAt),
        gte(validUntil, event.occurredAt),
        or(isNull(digest), inArray(digest, digests)),
        event.san === null ? isNull(san) : or(isNull(san), eq(san, event.san)),
        event.issuer === null ? isNull(issuer) : or(isNull(issuer), eq(issuer, event.issuer)),
      ),
    )
    .all()
    .filter((declared) => namesAsDeclared(event, declared))
    .sort(byNarrowness);
}

/**
 * Names in certificates are compared as they are shown: what is shown escaped has a backslash, which no declaration may
 * have, so that equal texts are equal bytes. A certificate with several names is nobody's in particular.
 */
function namesAsDeclared({ certificate }: CandidateEvent, { san, issuer, run }: ExpectedRow): boolean {
  if (san === null && issuer === null && run === null) return true;
  if (certificate === null) return false;
  const facts = JSON.parse(certificate) as Pick<CertificateFacts, 'sans' | 'issuer' | 'extensions'>;
  const runs = facts.extensions.filter(({ name }) => name === 'run-invocation-uri');
  return (
    (san === null || (facts.sans.length === 1 && facts.sans[0]?.value === san)) &&
    (issuer === null || (!facts.issuer.conflict && facts.issuer.value === issuer)) &&
    (run === null || (runs.length === 1 && runs[0]?.value === run))
  );
}

function byNarrowness(a: ExpectedRow, b: ExpectedRow): number {
  const count = ({ digest, san, run }: ExpectedRow) => [digest, san, run].filter((value) => value !== null).length;
  return count(b) - count(a) || a.validUntil - b.validUntil || a.validFrom - b.validFrom || (a.id < b.id ? -1 : 1);
}

/** Bundles joined with the event in hand whose signed content has the digest: the log may hold that of its encoding only. */
function bundleOf(tx: Writer, digest: string) {
  const { payloadSha256, signedSha256, signedSha384, signedSha512 } = bundles;
  return tx
    .select({ one: sql`1` })
    .from(bundles)
    .where(
      and(
        eq(bundles.eventId, events.id),
        eq(bundles.state, 'verified'),
        or(...[payloadSha256, signedSha256, signedSha384, signedSha512].map((column) => eq(column, digest))),
      ),
    );
}

function bundleDigests(tx: Writer, eventId: string): string[] {
  const { payloadSha256, signedSha256, signedSha384, signedSha512 } = bundles;
  return tx
    .select({ payloadSha256, signedSha256, signedSha384, signedSha512 })
    .from(bundles)
    .where(and(eq(bundles.eventId, eventId), eq(bundles.state, 'verified')))
    .all()
    .flatMap((row) => Object.values(row).filter((digest) => digest !== null));
}
