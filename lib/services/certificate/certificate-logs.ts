import type { KeyObject } from 'node:crypto';
import type { Config } from '#lib/config/schema.ts';
import { ShardError } from '#lib/services/log/shards.ts';
import type { ShardToFollow } from '#lib/services/log/sync.ts';
import { type MonitorConfig, readUrlOf } from '#lib/sigstore/monitor-config.ts';
import type { CtLog, TrustedRoot } from '#lib/sigstore/trusted-root.ts';

/** A certificate log with what is needed to follow it. */
export interface FollowedCertificateLog extends ShardToFollow {
  readonly api: 'ct-rfc6962' | 'ct-static';
  readonly key: KeyObject;
  /** Where to begin in it, where the configuration says so of it alone. */
  readonly start: 'end' | number | undefined;
  /** Whether its past is read without being asked for. */
  readonly history: boolean;
}

/**
 * The certificate logs to follow: those of the trust root where `logs.certificate-logs` says so. `logs.list` may say how
 * one is read, and from where. A log is called by its address without the scheme, as static ones call themselves.
 *
 * @throws {ShardError} for one that the trust root does not name: nothing would tell its key.
 */
export function certificateLogsToFollow(
  settings: Config['logs'],
  root: TrustedRoot,
  monitor: MonitorConfig | null = null,
): FollowedCertificateLog[] {
  const listed = new Map(settings.list.filter(({ api }) => api !== undefined).map((log) => [log.origin, log]));
  const trusted = new Map<string, CtLog>();
  for (const log of root.ctLogs) {
    const origin = certificateLogOrigin(log.baseUrl);
    const other = trusted.get(origin);
    // Of two keys under one address the one in use signs its heads.
    if (!other || (other.validUntil !== null && (log.validUntil ?? Infinity) > other.validUntil)) {
      trusted.set(origin, log);
    }
  }
  const stranger = [...listed.keys()].find((origin) => !trusted.has(origin));
  if (stranger !== undefined) {
    const known = trusted.size === 0 ? 'none' : [...trusted.keys()].join(', ');
    throw new ShardError(
      `logs.list names the certificate log ${stranger}, which the trust root does not; it has ${known}. Correct the origin.`,
    );
  }
  if (!settings.certificateLogs) return [];
  return [...trusted].map(([origin, log]) => {
    const entry = listed.get(origin);
    return {
      origin,
      readUrl: entry?.url ?? readUrlOf(monitor, origin) ?? log.baseUrl,
      logId: log.logId,
      keyDetails: log.keyDetails,
      publicKey: log.key.export({ type: 'spki', format: 'der' }),
      source: 'trusted-root' as const,
      api: entry?.api ?? ('ct-rfc6962' as const),
      key: log.key,
      start: entry?.start,
      history: entry?.backFill ?? settings.backFill,
    };
  });
}

/** `ct.example/2026` of `https://ct.example/2026/`. */
export function certificateLogOrigin(baseUrl: string): string {
  return baseUrl.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/\/+$/, '');
}
