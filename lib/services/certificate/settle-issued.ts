import { and, asc, eq, gte, inArray, isNotNull, isNull, lte, min, ne } from 'drizzle-orm';
import { eventCertificates, issuedCertificates } from '#db/schema/certificate.ts';
import { events } from '#db/schema/event.ts';
import { checkpoints, logs } from '#db/schema/log.ts';
import { formatDuration } from '#lib/provenance/format.ts';
import type { ServiceContext } from '#lib/services/context.ts';

export interface SettleIssuedOptions {
  /** Milliseconds after which a certificate without an entry is a finding. */
  readonly after: number;
  /** Addresses of Rekor v1 servers of which only the index is asked, so that a look there must have been made. */
  readonly indexServers: readonly string[];
}

type Issued = Pick<typeof issuedCertificates.$inferSelect, 'id' | 'issuedAt' | 'lookedUpAt'>;
type Verdict = Pick<typeof issuedCertificates.$inferInsert, 'state' | 'reason'>;

/** So many are judged in one round. */
const MOST = 1000;

/**
 * Judges the certificates that wait and whose time is up. One is `unused` only where every Rekor log that is followed was
 * read from before it was issued to after its time was up, and every index asked after that: what was not looked at is
 * never held against anybody.
 *
 * @returns how many changed.
 */
export function settleIssuedCertificates(ctx: ServiceContext, options: SettleIssuedOptions): number {
  const { db } = ctx.database;
  return db.transaction(
    (tx) => {
      rejoin(tx);
      const due = tx
        .select({
          id: issuedCertificates.id,
          issuedAt: issuedCertificates.issuedAt,
          lookedUpAt: issuedCertificates.lookedUpAt,
        })
        .from(issuedCertificates)
        .where(
          and(
            eq(issuedCertificates.state, 'waiting'),
            isNull(issuedCertificates.undecided),
            lte(issuedCertificates.issuedAt, ctx.now() - options.after),
          ),
        )
        .orderBy(asc(issuedCertificates.issuedAt))
        .limit(MOST)
        .all();
      const readings = due.length > 0 ? readReadings(tx) : [];
      let changed = 0;
      for (const certificate of due) {
        const verdict = judge(certificate, readings, options);
        if (verdict.state !== 'waiting') changed++;
        tx.update(issuedCertificates).set(verdict).where(eq(issuedCertificates.id, certificate.id)).run();
      }
      return changed;
    },
    { behavior: 'immediate' },
  );
}

type Tx = Parameters<Parameters<ServiceContext['database']['db']['transaction']>[0]>[0];

/** An event that was forgotten may not have been the only one of its certificate. */
function rejoin(tx: Tx): void {
  const uses = tx
    .select({ tbsSha256: eventCertificates.tbsSha256, eventId: eventCertificates.eventId })
    .from(eventCertificates)
    .innerJoin(events, eq(events.id, eventCertificates.eventId))
    .innerJoin(issuedCertificates, eq(issuedCertificates.tbsSha256, eventCertificates.tbsSha256))
    .where(and(eq(events.authenticity, 'verified'), ne(issuedCertificates.state, 'used')))
    .limit(MOST)
    .all();
  for (const { tbsSha256, eventId } of uses) {
    tx.update(issuedCertificates)
      .set({ state: 'used', eventId, reason: 'An entry of a log was signed with it.' })
      .where(eq(issuedCertificates.tbsSha256, tbsSha256))
      .run();
  }
}

/** What was read of a Rekor log. */
interface Reading {
  readonly origin: string;
  /** Entries from this time on were read; milliseconds since the epoch. */
  readonly since: number;
  /** Up to this time, to the last entry; null while there is some left to read. */
  readonly until: number | null;
}

function readReadings(tx: Tx): Reading[] {
  const followed = tx
    .select()
    .from(logs)
    .where(
      and(
        inArray(logs.api, ['rekor-v1', 'rekor-v2']),
        inArray(logs.state, ['following', 'frozen']),
        eq(logs.reading, 'entries'),
      ),
    )
    .all();
  return followed.map((log) => {
    const first = tx
      .select({ at: min(checkpoints.firstSeenAt) })
      .from(checkpoints)
      // Heads before the first entry that was read, as long as heads alone were followed, say nothing of what was read.
      .where(
        and(
          eq(checkpoints.logId, log.id),
          isNotNull(checkpoints.verifiedAt),
          gte(checkpoints.size, log.startIndex ?? 0),
        ),
      )
      .get();
    // What a frozen log has taken since is not read.
    const isRead = log.startIndex !== null && log.verifiedSize >= log.observedSize;
    return {
      origin: log.origin,
      since: log.startIndex === 0 ? 0 : (first?.at ?? Infinity),
      until: isRead ? log.lastSuccessAt : null,
    };
  });
}

function judge(
  certificate: Issued,
  readings: readonly Reading[],
  { after, indexServers }: SettleIssuedOptions,
): Verdict {
  const due = certificate.issuedAt + after;
  if (readings.length === 0 && indexServers.length === 0) {
    return { state: 'not-covered', reason: 'No Rekor log is read that could have an entry of it.' };
  }
  const late = readings.find(({ since }) => since > certificate.issuedAt);
  if (late) {
    return {
      state: 'not-covered',
      reason: `It was issued before ${late.origin} was read, so that an entry of it may stand there unseen.`,
    };
  }
  const behind = readings.find(({ until }) => until === null || until < due);
  if (behind) {
    return {
      state: 'waiting',
      reason: `No entry of it has been found so far; ${behind.origin} is not read to its end.`,
    };
  }
  if (indexServers.length > 0 && (certificate.lookedUpAt === null || certificate.lookedUpAt < due)) {
    return { state: 'waiting', reason: 'No entry of it has been found so far; the index is to be asked once more.' };
  }
  return {
    state: 'unused',
    reason:
      `No log that we read has an entry of it, ${formatDuration(after)} after it was issued` +
      (indexServers.length > 0 ? ', and the index of Rekor v1 names none.' : '.'),
  };
}
