import { setImmediate } from 'node:timers/promises';
import { and, asc, eq, isNotNull, isNull, ne, or } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { eventMatches, events } from '#db/schema/event.ts';
import { logs } from '#db/schema/log.ts';
import type { SignerPolicies } from '#lib/provenance/expected-signer.ts';
import { type EntryFormat, REKOR_V2 } from '#lib/rekor/entry-format.ts';
import { READER_VERSION } from '#lib/rekor/reader-version.ts';
import { examineEntry } from '#lib/rekor/scan.ts';
import { REKOR_V1 } from '#lib/rekor-v1/entry-format.ts';
import { joinEventCertificate } from '#lib/services/certificate/join.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { settleExpected } from '#lib/services/expected/settle.ts';
import { settleEvents } from '#lib/services/settle.ts';
import type { Matcher } from '#lib/watch/match.ts';
import { addMatches } from './add-matches.ts';
import { buildEvent, type CertificateJudge } from './build.ts';
import { linkEvent } from './link.ts';
import type { NewEvent } from './record.ts';
import { reindexEvent } from './search-terms.ts';
import { storedPlace } from './stored-place.ts';

export interface RetryOptions {
  readonly matcher: Matcher;
  readonly judge: CertificateJudge;
  readonly policies: SignerPolicies;
  /** The present reader, which need not be told but in tests. */
  readonly reader?: string;
  readonly signal?: AbortSignal | undefined;
}

export interface RetryResult {
  /** Entries read again, and how many of them are decided now. */
  readonly read: number;
  readonly decided: number;
}

const PAGE = 200;

/** Entries that the tail stored as undecided, by another reader than `reader`. */
export function isWaiting(reader: string) {
  return and(
    isNotNull(events.undecided),
    isNotNull(events.entry),
    eq(events.seenBy, 'tail'),
    or(isNull(events.undecidedBy), ne(events.undecidedBy, reader)),
  );
}

/**
 * Reads stored entries again that an earlier reader could not decide, and updates their events as if they had been read now.
 * First sight and proof stay. What is still undecided keeps its bytes, and is not tried again by the same reader.
 *
 * A page is one transaction: an end anywhere loses nothing, and the next run goes on behind it.
 */
export async function retryUndecided(ctx: ServiceContext, options: RetryOptions): Promise<RetryResult> {
  const { db } = ctx.database;
  const reader = options.reader ?? READER_VERSION;
  let read = 0;
  let decided = 0;
  for (;;) {
    options.signal?.throwIfAborted();
    // Each entry read leaves the set, decided or not.
    const page = db
      .select({ event: events, origin: logs.origin, api: logs.api })
      .from(events)
      .innerJoin(logs, eq(logs.id, events.logId))
      .where(isWaiting(reader))
      .orderBy(asc(events.occurredAt), asc(events.id))
      .limit(PAGE)
      .all();
    if (page.length === 0) return { read, decided };
    db.transaction(
      (tx) => {
        for (const { event, origin, api } of page) {
          read++;
          if (readAgain(ctx, tx, { ...event, origin, api }, { ...options, reader })) decided++;
        }
      },
      { behavior: 'immediate' },
    );
    await setImmediate();
  }
}

type StoredEvent = typeof events.$inferSelect & Pick<typeof logs.$inferSelect, 'origin' | 'api'>;

/** By the log, not by what the bytes call themselves: those that call themselves nothing are read again, too. */
function formatOf({ api }: StoredEvent): EntryFormat {
  return api === 'rekor-v1' ? REKOR_V1 : REKOR_V2;
}

/** Whether it is decided now. */
function readAgain(
  ctx: ServiceContext,
  tx: Writer,
  event: StoredEvent,
  { matcher, judge, policies, reader }: RetryOptions & { readonly reader: string },
): boolean {
  const found = judgeAgain(ctx, event, matcher, judge);
  if (!found || found.row.undecided != null) {
    // The reason is the newest reader's, the bytes are as they were.
    const undecided = found?.row.undecided ?? event.undecided;
    tx.update(events).set({ undecided, undecidedBy: reader }).where(eq(events.id, event.id)).run();
    return false;
  }
  const { id, firstSeenAt, seenBy, entry, ...row } = found.row;
  tx.update(events).set(row).where(eq(events.id, event.id)).run();
  // What was found in bytes that nobody could read is replaced by what the entry says.
  tx.delete(eventMatches).where(eq(eventMatches.eventId, event.id)).run();
  addMatches(tx, event.id, found.matches);
  linkEvent(tx, found.row, true);
  settleExpected(tx, { eventIds: [event.id] });
  const { certificate } = found;
  if (certificate) joinEventCertificate(tx, { ...found.row, eventId: event.id, certificate, now: ctx.now() });
  reindexEvent(ctx.database.sqlite, event.id);
  settleEvents(tx, [event.id], { policies, now: ctx.now() });
  return true;
}

/** One entry that we fail to judge must not stop the others: null, and it waits for the next reader. */
function judgeAgain(
  ctx: ServiceContext,
  event: StoredEvent,
  matcher: Matcher,
  judge: CertificateJudge,
): NewEvent | null {
  const place = storedPlace(event);
  if (!place || !event.entry) return null;
  const leafHash = Buffer.from(event.leafHash ?? '', 'hex');
  try {
    const candidate = examineEntry(event.logIndex ?? 0, event.entry, leafHash, matcher, formatOf(event));
    const found = buildEvent(candidate, place, judge);
    return { ...found, row: { ...found.row, id: event.id } };
  } catch (error) {
    ctx.log.error({ event: event.id, err: error }, 'a stored entry could not be judged');
    return null;
  }
}
