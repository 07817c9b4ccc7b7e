import { desc } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { canaries } from '#db/schema/canary.ts';
import { formatDuration } from '#lib/provenance/format.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import { type HealthCheck, wellCheck } from './check.ts';
import type { HealthSettings } from './settings.ts';

export type Canary = typeof canaries.$inferSelect;

/** The latest canaries, newest first. */
export function latestCanaries({ db }: OpenDatabase): Canary[] {
  return db.select().from(canaries).orderBy(desc(canaries.signedAt), desc(canaries.id)).limit(10).all();
}

/**
 * What the self-test says. One that is still awaited says nothing yet: then the one before it does.
 *
 * @param latest newest first.
 */
export function checkCanary(
  latest: readonly Canary[],
  settings: NonNullable<HealthSettings['canary']>,
  now: number,
): HealthCheck {
  const { every, within } = settings;
  const about = { name: 'canary', subject: null } as const;
  const [newest] = latest;
  const settled = latest.find(
    ({ seenAt, error, signedAt }) => seenAt !== null || error !== null || now - signedAt > within,
  );
  if (!newest || !settled)
    return wellCheck('canary', null, 'The canary is on its way: none has been awaited long enough.');
  if (settled.error !== null) {
    const what = `The canary could not be made: ${showText(settled.error)}`;
    const mend = 'Look at health.canary and the services that sign. Whether signings are seen is not tested meanwhile.';
    return { ...about, state: 'degraded', what, since: settled.signedAt, mend };
  }
  if (settled.seenAt === null || settled.seenAt - settled.signedAt > within) {
    const where = settled.logOrigin === null ? 'a log' : showText(settled.logOrigin);
    const come =
      settled.seenAt === null
        ? 'it has not come up'
        : `it came up only after ${formatDuration(settled.seenAt - settled.signedAt)}`;
    const what = `The canary that was signed into ${where} as entry ${settled.logIndex} should be seen within ${formatDuration(within)}: ${come}.`;
    const mend = 'Look at that log’s page and at the watch rules: real signings go unseen in the same way.';
    return { ...about, state: 'failing', what, since: settled.signedAt, mend };
  }
  if (now - newest.signedAt > every + within) {
    const what = `No canary has been signed for ${formatDuration(now - newest.signedAt)}.`;
    const mend = 'Look whether the job “canary” runs.';
    return { ...about, state: 'degraded', what, since: newest.signedAt + every, mend };
  }
  const latency = formatDuration(settled.seenAt - settled.signedAt);
  return wellCheck('canary', null, `The last canary was seen ${latency} after it was signed.`);
}
