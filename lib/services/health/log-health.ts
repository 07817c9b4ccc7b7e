import { and, asc, desc, eq, isNull } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { jobRuns } from '#db/schema/job.ts';
import { checkpoints, coverage, logFaults, logs } from '#db/schema/log.ts';
import { timeLeft } from '#lib/provenance/state.ts';
import { headTime } from './head-time.ts';
import type { HealthSettings } from './settings.ts';

/** How one log is kept up with. Sizes in entries, times in milliseconds. */
export interface LogHealth {
  readonly id: number;
  readonly origin: string;
  readonly api: (typeof logs.$inferSelect)['api'];
  readonly state: (typeof logs.$inferSelect)['state'];
  readonly observed: number;
  readonly verified: number;
  readonly downloaded: number;
  readonly backlog: number;
  /** Entries a second; null where the last catch-up was too short to tell. */
  readonly rate: number | null;
  /** Until the backlog is gone, at that rate. */
  readonly eta: number | null;
  readonly lastSuccessAt: number | null;
  /** The time that the log's newest head states itself; null where heads of this kind have none. */
  readonly headAt: number | null;
  readonly createdAt: number;
  /** The oldest that the last good answer, and the head's own time, may be. */
  readonly freshness: number;
  /** Since when the log is not fresh, as the two times say; null while it is. */
  readonly staleSince: number | null;
  /** Whether its tail is at work at this moment, as a catch-up of hours is. */
  readonly isBusy: boolean;
  readonly faults: readonly Pick<
    typeof logFaults.$inferSelect,
    'code' | 'severity' | 'message' | 'firstAt' | 'count'
  >[];
  readonly coverage: Coverage;
  readonly mirrorBytes: number;
  readonly mirrorProblem: string | null;
}

/** What of a log was bound to a signed root and looked at. */
export interface Coverage {
  readonly entries: number;
  /** Holes between where the log was taken up and what is verified: there are none unless something is broken. */
  readonly gaps: readonly { readonly startIndex: number; readonly endIndex: number }[];
}

const DAY = 24 * 3_600_000;

/** Every log that is followed or frozen, with how it is kept up with. */
export function readLogHealth({ db }: OpenDatabase, settings: HealthSettings, now: number): LogHealth[] {
  const rows = db.select().from(logs).orderBy(asc(logs.origin)).all();
  return rows
    .filter(({ state }) => state !== 'removed')
    .map((row) => {
      const headAt = row.finalSize === null ? newestHeadTime(db, row) : null;
      const freshness = freshnessOf(settings, row);
      const run = db
        .select()
        .from(jobRuns)
        .where(eq(jobRuns.name, `tail ${row.origin}`))
        .get();
      return {
        id: row.id,
        origin: row.origin,
        api: row.api,
        state: row.state,
        observed: row.observedSize,
        verified: row.verifiedSize,
        downloaded: row.downloadedSize,
        backlog: Math.max(0, row.observedSize - row.verifiedSize),
        rate: row.rate,
        eta: timeLeft(row),
        lastSuccessAt: row.lastSuccessAt,
        headAt,
        createdAt: row.createdAt,
        freshness,
        staleSince: staleSince({ ...row, headAt, freshness }, headFreshness(settings, row), now),
        isBusy: run !== undefined && run.startedAt > (run.finishedAt ?? 0),
        faults: db
          .select()
          .from(logFaults)
          .where(and(eq(logFaults.logId, row.id), isNull(logFaults.resolvedAt)))
          .orderBy(desc(logFaults.severity), asc(logFaults.firstAt))
          .all(),
        coverage: readCoverage(db, row),
        mirrorBytes: row.mirrorBytes,
        mirrorProblem: row.mirrorProblem,
      };
    });
}

function freshnessOf({ freshness, list }: HealthSettings, { origin }: { readonly origin: string }): number {
  return list.find((log) => log.origin === origin)?.freshness ?? freshness;
}

/** A certificate log may leave its head as it is for a day (its maximum merge delay), unless one was asked for by name. */
function headFreshness(settings: HealthSettings, row: { readonly origin: string; readonly api: string }): number {
  const own = settings.list.find((log) => log.origin === row.origin)?.freshness;
  return own ?? (row.api.startsWith('ct-') ? Math.max(settings.freshness, DAY) : settings.freshness);
}

type Times = Pick<LogHealth, 'lastSuccessAt' | 'headAt' | 'createdAt' | 'freshness'>;

function staleSince(times: Times, headLimit: number, now: number): number | null {
  const answered = times.lastSuccessAt ?? times.createdAt;
  const since = [
    ...(now - answered > times.freshness ? [answered] : []),
    ...(times.headAt !== null && now - times.headAt > headLimit ? [times.headAt] : []),
  ];
  return since.length === 0 ? null : Math.min(...since);
}

function newestHeadTime(db: OpenDatabase['db'], row: typeof logs.$inferSelect): number | null {
  if (row.api === 'rekor-v2') return null;
  const head = db
    .select({ note: checkpoints.note })
    .from(checkpoints)
    .where(and(eq(checkpoints.logId, row.id), eq(checkpoints.seenFrom, 'log')))
    .orderBy(desc(checkpoints.firstSeenAt), desc(checkpoints.id))
    .get();
  return head ? headTime(row.api, row.origin, head.note) : null;
}

function readCoverage(db: OpenDatabase['db'], row: typeof logs.$inferSelect): Coverage {
  const ranges = db.select().from(coverage).where(eq(coverage.logId, row.id)).orderBy(asc(coverage.startIndex)).all();
  const entries = ranges.reduce((sum, { startIndex, endIndex }) => sum + endIndex - startIndex, 0);
  if (row.startIndex === null || row.reading === 'index') return { entries, gaps: [] };
  const gaps: { startIndex: number; endIndex: number }[] = [];
  let position = row.startIndex;
  for (const { startIndex, endIndex } of ranges) {
    if (startIndex > position) gaps.push({ startIndex: position, endIndex: Math.min(startIndex, row.verifiedSize) });
    position = Math.max(position, endIndex);
  }
  if (position < row.verifiedSize) gaps.push({ startIndex: position, endIndex: row.verifiedSize });
  return { entries, gaps: gaps.filter(({ startIndex, endIndex }) => endIndex > startIndex) };
}
