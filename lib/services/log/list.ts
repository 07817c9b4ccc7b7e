import { and, asc, count, desc, eq, isNull, sql } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { checkpoints, coverage, logFaults, logs } from '#db/schema/log.ts';
import { type BackfillSummary, listOpenBackfills } from '#lib/services/backfill/list.ts';
import { type Cosigner, readCosigners } from './read-cosigners.ts';

/** A log without its keys and ranges, with what its page says of it. */
export interface LogSummary extends LogHead {
  /** Ranges of indices whose every entry was bound to a signed root; `endIndex` is exclusive. */
  readonly coverage: readonly { readonly startIndex: number; readonly endIndex: number; readonly verifiedAt: number }[];
  /** How many ranges there are, where `coverage` does not hold all. */
  readonly coverageRanges: number;
  readonly coveredEntries: number;
  readonly lastCheckpoint: CheckpointHead | null;
  /** Searches of what the tail did not read that are under way. */
  readonly openBackfills: readonly BackfillSummary[];
  readonly openFaults: readonly LogFault[];
  readonly pastFaults: number;
}

export type LogHead = ReturnType<typeof selectLogs>[number];
export type LogFault = Omit<typeof logFaults.$inferSelect, 'evidence'> & { readonly hasEvidence: boolean };
export type CheckpointHead = Pick<
  typeof checkpoints.$inferSelect,
  'id' | 'size' | 'state' | 'seenFrom' | 'seenAt' | 'firstSeenAt' | 'verifiedAt' | 'cosignatures' | 'quorum'
> & { readonly cosigners: readonly Cosigner[] };

/** Ranges shown of one log: a tail that started once has one, and back-fills come together as they go on. */
const RANGE_LIMIT = 200;

/** All logs, followed ones first. */
export async function listLogs(database: OpenDatabase): Promise<LogSummary[]> {
  const order = { frozen: 0, following: 1, removed: 2 } as const;
  return selectLogs(database)
    .map((log) => addFacts(database, log))
    .sort((a, b) => order[a.state] - order[b.state]);
}

export function selectLogs({ db }: OpenDatabase, id?: number) {
  return db
    .select({
      id: logs.id,
      origin: logs.origin,
      api: logs.api,
      instance: sql<string>`CASE ${logs.instance} WHEN '' THEN ${logs.origin} ELSE ${logs.instance} END`,
      treeId: logs.treeId,
      indexOffset: logs.indexOffset,
      finalSize: logs.finalSize,
      reading: logs.reading,
      readUrl: logs.readUrl,
      logId: logs.logId,
      keyDetails: logs.keyDetails,
      source: logs.source,
      state: logs.state,
      startIndex: logs.startIndex,
      downloadedSize: logs.downloadedSize,
      verifiedSize: logs.verifiedSize,
      observedSize: logs.observedSize,
      lastAttemptAt: logs.lastAttemptAt,
      lastSuccessAt: logs.lastSuccessAt,
      rate: logs.rate,
      mirror: logs.mirror,
      mirrorSize: logs.mirrorSize,
      mirrorBytes: logs.mirrorBytes,
      mirrorProblem: logs.mirrorProblem,
      createdAt: logs.createdAt,
    })
    .from(logs)
    .where(id === undefined ? undefined : eq(logs.id, id))
    .orderBy(asc(logs.origin))
    .all();
}

export function addFacts(database: OpenDatabase, log: LogHead): LogSummary {
  const { db } = database;
  const open = db
    .select()
    .from(logFaults)
    .where(and(eq(logFaults.logId, log.id), isNull(logFaults.resolvedAt)))
    .orderBy(desc(logFaults.severity), desc(logFaults.lastAt))
    .all();
  const all = db.select({ faults: count() }).from(logFaults).where(eq(logFaults.logId, log.id)).get()?.faults ?? 0;
  const covered = db
    .select({
      ranges: count(),
      entries: sql<number>`coalesce(sum(${coverage.endIndex} - ${coverage.startIndex}), 0)`,
    })
    .from(coverage)
    .where(eq(coverage.logId, log.id))
    .get();
  return {
    ...log,
    coverage: db
      .select({ startIndex: coverage.startIndex, endIndex: coverage.endIndex, verifiedAt: coverage.verifiedAt })
      .from(coverage)
      .where(eq(coverage.logId, log.id))
      .orderBy(asc(coverage.startIndex))
      .limit(RANGE_LIMIT)
      .all(),
    coverageRanges: covered?.ranges ?? 0,
    coveredEntries: covered?.entries ?? 0,
    lastCheckpoint: newestCheckpoint(database, log.id),
    openBackfills: listOpenBackfills(database, log.id),
    openFaults: open.map(withoutEvidence),
    pastFaults: all - open.length,
  };
}

function newestCheckpoint({ db }: OpenDatabase, logId: number): CheckpointHead | null {
  const row = db
    .select({
      id: checkpoints.id,
      size: checkpoints.size,
      state: checkpoints.state,
      seenFrom: checkpoints.seenFrom,
      seenAt: checkpoints.seenAt,
      firstSeenAt: checkpoints.firstSeenAt,
      verifiedAt: checkpoints.verifiedAt,
      cosignatures: checkpoints.cosignatures,
      cosigners: checkpoints.cosigners,
      quorum: checkpoints.quorum,
    })
    .from(checkpoints)
    .where(eq(checkpoints.logId, logId))
    .orderBy(desc(checkpoints.size), desc(checkpoints.id))
    .get();
  return row ? { ...row, cosigners: readCosigners(row.cosigners) } : null;
}

export function withoutEvidence({ evidence, ...fault }: typeof logFaults.$inferSelect): LogFault {
  return { ...fault, hasEvidence: evidence !== null };
}
