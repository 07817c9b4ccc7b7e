import type { OpenDatabase } from '#db/client.ts';
import { witnessState } from '#lib/provenance/log-words.ts';
import { logState } from '#lib/provenance/state.ts';
import { type LogSummary, listLogs } from '#lib/services/log/list.ts';
import { type Configuration, getConfiguration } from '#lib/services/overview/configuration.ts';
import { type Counts, getCounts } from '#lib/services/overview/counts.ts';
import { getJobHealth, type JobHealth } from '#lib/services/overview/health.ts';
import { listGapLines } from '#lib/services/rule/gap-lines.ts';
import { type ListedDelivery, listDeliveries } from '#lib/services/source/list-deliveries.ts';

/** What is known of one log, and in which state that puts it. */
export interface LogStatus
  extends Pick<
    LogSummary,
    | 'origin'
    | 'api'
    | 'instance'
    | 'treeId'
    | 'finalSize'
    | 'reading'
    | 'readUrl'
    | 'startIndex'
    | 'verifiedSize'
    | 'observedSize'
    | 'coverage'
    | 'coverageRanges'
    | 'coveredEntries'
    | 'openBackfills'
    | 'mirror'
    | 'mirrorSize'
    | 'mirrorBytes'
    | 'mirrorProblem'
    | 'lastSuccessAt'
    | 'openFaults'
  > {
  /** As the database has it: `following`, `frozen` or `removed`. */
  readonly state: LogSummary['state'];
  /** The one word that the pages show. */
  readonly word: string;
  readonly meaning: string;
  /** Who besides the log signed its newest head; null before there is one. */
  readonly witnesses: { readonly word: string; readonly names: readonly string[] } | null;
  /** Rules that have not seen all that is covered, and that nothing is searching for. */
  readonly unsearchedRules: readonly string[];
  /** Entries signed by the log and not verified yet. */
  readonly backlog: number;
  readonly lastSuccessAgeMs: number | null;
}

/** How Modeltrail does. Times are milliseconds since the epoch. */
export interface StatusReport {
  readonly at: number;
  /** One sentence for each thing that keeps it from seeing all that it should; empty where all is well. */
  readonly problems: readonly string[];
  readonly jobs: JobHealth;
  readonly configuration: Configuration;
  readonly logs: readonly LogStatus[];
  readonly counts: Counts;
  readonly bundles: {
    readonly accepted: number;
    readonly refused: number;
    readonly refusedFiles: readonly RefusedFile[];
  };
}

export type RefusedFile = Pick<ListedDelivery, 'source' | 'path' | 'reasonCode' | 'reason' | 'checkedAt'>;

/** The words that need nobody. */
const WELL = new Set(['Up to date', 'Catching up', 'Removed']);
const MOST_FILES = 500;

/** @param now milliseconds since the epoch. */
export async function reportStatus(database: OpenDatabase, now: number): Promise<StatusReport> {
  const [jobs, configuration, logs, counts, files] = await Promise.all([
    getJobHealth(database, { now }),
    getConfiguration(database),
    listLogs(database),
    getCounts(database),
    listDeliveries(database, { outcome: 'refused', limit: MOST_FILES }),
  ]);
  const gaps = new Map((await listGapLines(database)).map(({ logId, rules }) => [logId, rules]));
  const statuses = logs.map((log) => describeLog(log, gaps.get(log.id) ?? [], configuration.poll, now));
  return {
    at: now,
    problems: findProblems(jobs, configuration, statuses),
    jobs,
    configuration,
    logs: statuses,
    counts,
    bundles: { ...files.counts, refusedFiles: files.files.map(refusedFile) },
  };
}

function describeLog(log: LogSummary, unsearchedRules: readonly string[], poll: number, now: number): LogStatus {
  const { lastCheckpoint: head, ...facts } = log;
  const { word, meaning } = logState({ ...log, openFaults: log.openFaults.length, poll }, now);
  return {
    origin: facts.origin,
    api: facts.api,
    instance: facts.instance,
    treeId: facts.treeId,
    finalSize: facts.finalSize,
    reading: facts.reading,
    readUrl: facts.readUrl,
    state: facts.state,
    word,
    meaning,
    startIndex: facts.startIndex,
    verifiedSize: facts.verifiedSize,
    observedSize: facts.observedSize,
    backlog: Math.max(0, facts.observedSize - facts.verifiedSize),
    coverage: facts.coverage,
    coverageRanges: facts.coverageRanges,
    coveredEntries: facts.coveredEntries,
    openBackfills: facts.openBackfills,
    unsearchedRules,
    mirror: facts.mirror,
    mirrorSize: facts.mirrorSize,
    mirrorBytes: facts.mirrorBytes,
    mirrorProblem: facts.mirrorProblem,
    witnesses: head && { word: witnessState(head).word, names: head.cosigners.map(({ name }) => name) },
    lastSuccessAt: facts.lastSuccessAt,
    lastSuccessAgeMs: facts.lastSuccessAt === null ? null : now - facts.lastSuccessAt,
    openFaults: facts.openFaults,
  };
}

function findProblems(jobs: JobHealth, { refused, isKnown }: Configuration, logs: readonly LogStatus[]): string[] {
  return [
    ...(jobs.isRunning ? [] : ['The jobs do not run: nothing new is seen.']),
    ...(isKnown ? [] : ['No configuration has been in force yet.']),
    ...(refused ? ['A changed configuration is refused; the one before stays in force.'] : []),
    ...(logs.some(({ state }) => state === 'following') ? [] : ['No log is followed.']),
    ...logs.filter(({ word }) => !WELL.has(word)).map(({ origin, word, meaning }) => `${origin}: ${word}. ${meaning}`),
    ...jobs.runs.flatMap(({ name, error }) => (error === null ? [] : [`The job "${name}" failed: ${error}`])),
  ];
}

function refusedFile({ source, path, reasonCode, reason, checkedAt }: ListedDelivery): RefusedFile {
  return { source, path, reasonCode, reason, checkedAt };
}
