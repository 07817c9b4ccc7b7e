import { eq } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { trustRoots } from '#db/schema/source.ts';
import { formatDuration } from '#lib/provenance/format.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import { parseTrustedRoot, type TrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { readSigningConfigs, tufFolder } from '#lib/sigstore/tuf-cache.ts';
import { findBlindSpots } from './blind-spots.ts';
import { type HealthCheck, wellCheck } from './check.ts';
import type { HealthSettings } from './settings.ts';

/** It is refreshed every hour: a day without is no passing failure any more. */
const REFRESH_AGE = 24 * 3_600_000;

type TrustState = Pick<NonNullable<HealthSettings['state']>, 'trustSource' | 'trustLoadedAt' | 'trustExpiresAt'>;

/** How old the trust root is, and what it does not cover. */
export function checkTrust(state: TrustState | null, now: number): HealthCheck {
  const about = { name: 'trust', subject: null, state: 'degraded' } as const;
  if (!state?.trustSource || state.trustLoadedAt === null) {
    const mend = 'Start the jobs (npm start does).';
    return { ...about, state: 'failing', what: 'No trust root has been in force yet.', since: null, mend };
  }
  const { trustSource, trustLoadedAt, trustExpiresAt } = state;
  const reach = 'Let the jobs reach the TUF mirror; the log file says why they do not.';
  if (trustSource === 'tuf-seed') {
    const what = 'The trust root is the one shipped with the software: new logs and changed keys are not known.';
    return { ...about, what, since: null, mend: reach };
  }
  const age = formatDuration(now - trustLoadedAt);
  if (trustExpiresAt !== null && trustExpiresAt <= now) {
    const what = `The TUF metadata ran out ${formatDuration(now - trustExpiresAt)} ago, and was refreshed ${age} ago: changed keys may be withheld.`;
    return { ...about, what, since: trustExpiresAt, mend: reach };
  }
  if (now - trustLoadedAt > REFRESH_AGE) {
    const what = `The trust root was last refreshed ${age} ago.`;
    const mend = trustSource === 'file' ? 'Look whether the job “refresh trust root” runs.' : reach;
    return { ...about, what, since: trustLoadedAt, mend };
  }
  const left = trustExpiresAt === null ? '' : `; its TUF metadata runs out in ${formatDuration(trustExpiresAt - now)}`;
  return wellCheck('trust', null, `The trust root was refreshed ${age} ago${left}.`);
}

/** Logs that signing configurations name and that nobody here could follow. None without a TUF repository. */
export async function checkBlindSpots(
  database: OpenDatabase,
  { tuf, state, list }: HealthSettings,
  now: number,
): Promise<HealthCheck[]> {
  const root = tuf && rootInForce(database, state?.trustSha256 ?? null);
  if (!tuf || !root) return [];
  const configs = await readSigningConfigs(tufFolder(tuf.cacheDirectory, tuf.mirror));
  return findBlindSpots(configs, root, list, now).map(({ subject, what, mend }) => ({
    name: 'blind-spot',
    subject,
    state: 'degraded',
    what: showText(what),
    since: null,
    mend,
  }));
}

let remembered: { readonly sha256: string; readonly root: TrustedRoot } | null = null;

function rootInForce({ db }: OpenDatabase, sha256: string | null): TrustedRoot | null {
  if (sha256 === null) return null;
  if (remembered?.sha256 === sha256) return remembered.root;
  const row = db.select().from(trustRoots).where(eq(trustRoots.sha256, sha256)).get();
  if (!row) return null;
  remembered = { sha256, root: parseTrustedRoot(row.json) };
  return remembered.root;
}
