import type { NamedLog } from '#lib/signing/signing-config.ts';
import { readNamedLogs } from '#lib/signing/signing-config.ts';
import { SigningError } from '#lib/signing/signing-error.ts';
import type { TrustedRoot } from '#lib/sigstore/trusted-root.ts';
import type { CachedTarget } from '#lib/sigstore/tuf-cache.ts';

/** A log that signers are sent to and that nobody here could follow; or a signing configuration that says nothing readable. */
export interface BlindSpot {
  /** The log's address, or the name of the configuration. */
  readonly subject: string;
  /** A sentence. */
  readonly what: string;
  readonly mend: string;
}

export interface KnownLog {
  readonly url?: string | undefined;
  readonly writeUrls?: readonly string[] | undefined;
}

/**
 * Holds signing configurations against the trust root: a log that signers write to today, and of which no key is trusted,
 * takes signatures that are never seen here.
 *
 * @param listed logs of the configuration, whose addresses count as well.
 * @param now milliseconds since the epoch.
 */
export function findBlindSpots(
  configs: readonly CachedTarget[],
  root: Pick<TrustedRoot, 'logs'>,
  listed: readonly KnownLog[],
  now: number,
): BlindSpot[] {
  const known = new Set(
    [
      ...root.logs.map(({ baseUrl }) => baseUrl),
      ...listed.flatMap(({ url, writeUrls = [] }) => [...(url === undefined ? [] : [url]), ...writeUrls]),
    ].map(place),
  );
  const spots = new Map<string, BlindSpot>();
  for (const { name, bytes } of configs) {
    const logs = tryRead(bytes);
    if (typeof logs === 'string') {
      const mend = 'Tell the operator of the TUF repository, or update Modeltrail.';
      spots.set(name, { subject: name, what: `${name} of the TUF repository cannot be read. ${logs}`, mend });
      continue;
    }
    for (const { url, from, to } of logs) {
      if (from > now || now > to || known.has(place(url))) continue;
      spots.set(url, {
        subject: url,
        what: `The signing configuration names the log at ${url}, which no log of the trust root covers: a blind spot.`,
        mend: 'Add it to logs.list with its key; or, where a log here is written at that address, name it in its write-urls.',
      });
    }
  }
  return [...spots.values()];
}

function tryRead(bytes: Uint8Array): readonly NamedLog[] | string {
  try {
    return readNamedLogs(bytes);
  } catch (error) {
    if (error instanceof SigningError) return error.message;
    throw error;
  }
}

/** Host and path: http and https of one place are one log. */
function place(address: string): string {
  const { host, pathname } = new URL(address);
  return `${host}${pathname.replace(/\/+$/, '')}`;
}
