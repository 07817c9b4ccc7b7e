import { and, asc, count, desc, eq, isNull } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { checkpoints, coverage, logFaults, logs } from '#db/schema/log.ts';

/** A log without its keys and ranges, with what its page says of it. */
export interface LogSummary extends LogHead {
  /** Ranges of indices whose every entry was bound to a signed root; `endIndex` is exclusive. */
  readonly coverage: readonly { readonly startIndex: number; readonly endIndex: number; readonly verifiedAt: number }[];
  readonly lastCheckpoint: CheckpointHead | null;
  readonly openFaults: readonly LogFault[];
  readonly pastFaults: number;
}

export type LogHead = ReturnType<typeof selectLogs>[number];
export type LogFault = Omit<typeof logFaults.$inferSelect, 'evidence'> & { readonly hasEvidence: boolean };
export type CheckpointHead = Pick<
  typeof checkpoints.$inferSelect,
  'id' | 'size' | 'state' | 'firstSeenAt' | 'verifiedAt' | 'cosignatures'
>;

/** Ranges shown of one log: a tail that started once has one. */
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
      createdAt: logs.createdAt,
    })
    .from(logs)
    .where(id === undefined ? undefined : eq(logs.id, id))
    .orderBy(asc(logs.origin))
    .all();
}

export function addFacts({ db }: OpenDatabase, log: LogHead): LogSummary {
  const open = db
    .select()
    .from(logFaults)
    .where(and(eq(logFaults.logId, log.id), isNull(logFaults.resolvedAt)))
    .orderBy(desc(logFaults.severity), desc(logFaults.lastAt))
    .all();
  const all = db.select({ faults: count() }).from(logFaults).where(eq(logFaults.logId, log.id)).get()?.faults ?? 0;
  return {
    ...log,
    coverage: db
      .select({ startIndex: coverage.startIndex, endIndex: coverage.endIndex, verifiedAt: coverage.verifiedAt })
      .from(coverage)
      .where(eq(coverage.logId, log.id))
      .orderBy(asc(coverage.startIndex))
      .limit(RANGE_LIMIT)
      .all(),
    lastCheckpoint:
      db
        .select({
          id: checkpoints.id,
          size: checkpoints.size,
          state: checkpoints.state,
          firstSeenAt: checkpoints.firstSeenAt,
          verifiedAt: checkpoints.verifiedAt,
          cosignatures: checkpoints.cosignatures,
        })
        .from(checkpoints)
        .where(eq(checkpoints.logId, log.id))
        .orderBy(desc(checkpoints.size), desc(checkpoints.id))
        .get() ?? null,
    openFaults: open.map(withoutEvidence),
    pastFaults: all - open.length,
  };
}

export function withoutEvidence({ evidence, ...fault }: typeof logFaults.$inferSelect): LogFault {
  return { ...fault, hasEvidence: evidence !== null };
}
