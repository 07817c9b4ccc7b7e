import { isNotNull } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { sourceStates } from '#db/schema/source.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import { getJobHealth, type JobHealth } from '#lib/services/overview/health.ts';
import { checkCanary, latestCanaries } from './canary-check.ts';
import { type HealthCheck, type HealthState, wellCheck, worstState } from './check.ts';
import { checkLogs } from './log-checks.ts';
import { readLogHealth } from './log-health.ts';
import { type HealthSettings, readHealthSettings } from './settings.ts';
import { checkSettings } from './settings-check.ts';
import { checkStorage, readStorage } from './storage-checks.ts';
import { checkBlindSpots, checkTrust } from './trust-checks.ts';

const inputSchema = z.object({ now: z.int() });

export interface Health {
  /** The worst of the checks. */
  readonly state: HealthState;
  readonly checks: readonly HealthCheck[];
  readonly jobs: JobHealth;
}

/** The job that tells somebody elsewhere how this does: what it could not tell is no reason to tell of it. */
export const PING_JOB = 'ping';

/** How all that must work does, in sentences. Cheap: it counts no events. */
export async function getHealth(database: OpenDatabase, input: z.input<typeof inputSchema>): Promise<Health> {
  const { now } = inputSchema.parse(input);
  const settings = readHealthSettings(database);
  const jobs = await getJobHealth(database, { now });
  const logs = readLogHealth(database, settings, now);
  const first = Math.min(settings.state?.inForceSince ?? now, ...logs.map(({ createdAt }) => createdAt));
  const checks = [
    checkAlive(jobs),
    ...checkRuns(jobs, new Set(logs.map(({ origin }) => `tail ${origin}`))),
    ...checkConfiguration(settings),
    ...checkSettings(database),
    ...checkLogs(logs, now),
    checkTrust(settings.state, now),
    ...(await checkBlindSpots(database, settings, now)),
    ...checkStorage(readStorage(database), first, now),
    ...checkSources(database),
    ...(settings.canary ? [checkCanary(latestCanaries(database), settings.canary, now)] : []),
  ];
  return { state: worstState(checks), checks, jobs };
}

function checkAlive({ isRunning, lastSeenAt }: JobHealth): HealthCheck {
  if (isRunning) return wellCheck('jobs', null, 'The jobs are running.');
  return {
    name: 'jobs',
    subject: null,
    state: 'failing',
    what: 'The jobs are not running: no log is being read.',
    since: lastSeenAt,
    mend: 'Start them with npm start, and read the log file of the jobs if they end again.',
  };
}

/** Jobs whose last run failed, save those of logs and sources, which have checks of their own. */
function checkRuns({ runs }: JobHealth, tails: ReadonlySet<string>): HealthCheck[] {
  return runs
    .filter(({ name }) => !tails.has(name) && !/^(?:scan|poll|tail) /.test(name) && name !== PING_JOB)
    .flatMap(({ name, error, finishedAt }): HealthCheck[] => {
      if (error === null) return [];
      const what = `The last run of the job “${showText(name)}” failed: ${showText(error)}`;
      const mend = 'It is tried again by itself; the log file says more.';
      return [{ name: 'job', subject: name, state: 'degraded', what, since: finishedAt, mend }];
    });
}

function checkConfiguration({ state }: HealthSettings): HealthCheck[] {
  if (!state?.refused) return [wellCheck('configuration', null, 'The configuration in force is the latest one.')];
  return [
    {
      name: 'configuration',
      subject: null,
      state: 'degraded',
      what: 'The latest change of the configuration was refused; the one before it stays in force.',
      since: state.refusedAt,
      mend: 'Mend the file: modeltrail config check says where. It is taken up again as soon as it is saved.',
    },
  ];
}

function checkSources({ db }: OpenDatabase): HealthCheck[] {
  return db
    .select({ name: sourceStates.name, error: sourceStates.error, since: sourceStates.lastSuccessAt })
    .from(sourceStates)
    .where(isNotNull(sourceStates.error))
    .orderBy(sourceStates.name)
    .limit(100)
    .all()
    .map(({ name, error, since }) => ({
      name: 'source',
      subject: name,
      state: 'degraded',
      what: `The source “${showText(name)}” cannot be read: ${showText(error ?? '')}`,
      since,
      mend: 'Nothing, if it passes. Otherwise check its address, the network and the credentials.',
    }));
}
