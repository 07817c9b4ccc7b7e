import { and, eq, gte, inArray } from 'drizzle-orm';
import { bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import { unindexEvents } from '#db/search.ts';
import type { SignerPolicies } from '#lib/provenance/expected-signer.ts';
import type { EntryFormat } from '#lib/rekor/entry-format.ts';
import type { EntryProof, KeptEntry } from '#lib/rekor/log-reader.ts';
import { type Candidate, examineEntry } from '#lib/rekor/scan.ts';
import { forgetEventCertificates } from '#lib/services/certificate/join.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { settleExpected } from '#lib/services/expected/settle.ts';
import { artifactsOfBundle } from '#lib/services/graph/artifacts-of-bundle.ts';
import type { CheckpointPlace } from '#lib/services/log/entry-place.ts';
import type { EntrySink } from '#lib/services/log/entry-sink.ts';
import { settle, settleEvents } from '#lib/services/settle.ts';
import type { Matcher } from '#lib/watch/match.ts';
import { buildEvent, type CertificateJudge, type EntryPlace } from './build.ts';
import { type NewEvent, recordEvent } from './record.ts';

export interface EventSinkOptions {
  readonly format: EntryFormat;
  readonly matcher: Matcher;
  readonly judge: CertificateJudge;
  /** Who is expected to sign: an entry read makes statements count whose bundle came before. */
  readonly policies: SignerPolicies;
}

/** Makes signing events of the entries of Rekor logs. */
export function eventSink(ctx: ServiceContext, options: EventSinkOptions): EntrySink {
  const { sqlite } = ctx.database;
  return {
    take(entry, proof, place) {
      const event = eventOf(ctx, entry, proof, place, options);
      return { id: event.row.id, store: (tx) => recordEvent(tx, sqlite, event) };
    },
    settle(tx, ids) {
      settleEvents(tx, ids, { policies: options.policies, now: ctx.now() });
    },
    forget(tx, logId, from) {
      const isBeyond = and(eq(events.logId, logId), eq(events.seenBy, 'tail'), gte(events.logIndex, from));
      const ids = tx.select({ id: events.id }).from(events).where(isBeyond);
      const joined = tx.select({ id: bundles.id }).from(bundles).where(inArray(bundles.eventId, ids)).all();
      const artifactIds = [...new Set(joined.flatMap(({ id }) => artifactsOfBundle(tx, id)))];
      tx.update(bundles).set({ eventId: null, linkedBy: null }).where(inArray(bundles.eventId, ids)).run();
      forgetEventCertificates(tx, isBeyond);
      const rows = tx
        .delete(events)
        .where(isBeyond)
        .returning({ row: events.row, expectedBy: events.expectedBy })
        .all();
      settleExpected(tx, { expectedIds: rows.flatMap(({ expectedBy }) => expectedBy ?? []) });
      unindexEvents(
        sqlite,
        rows.map(({ row }) => row),
      );
      // What those entries stood for does not count any more, until they are read again.
      settle(tx, { policies: options.policies, artifactIds, cause: `log ${logId} read anew`, now: ctx.now() });
    },
  };
}

/** One entry that we fail to judge must not stop the log: it is kept as undecided, and shown. */
function eventOf(
  ctx: ServiceContext,
  entry: KeptEntry,
  proof: EntryProof,
  checkpointPlace: CheckpointPlace,
  { format, matcher, judge }: EventSinkOptions,
): NewEvent {
  const candidate: Candidate = examineEntry(entry.index, entry.bytes, entry.leafHash, matcher, format);
  const place: EntryPlace = {
    ...checkpointPlace,
    treeSize: proof.size,
    inclusionProof: proof.hashes,
    takenAt: entry.takenAt ?? null,
  };
  try {
    return buildEvent(candidate, place, judge);
  } catch (error) {
    ctx.log.error({ origin: place.origin, index: candidate.index, err: error }, 'entry could not be judged');
    const undecided = `Judging the entry failed: ${(error as Error).message}`;
    return buildEvent({ ...candidate, decoded: null, undecided }, place, judge);
  }
}
