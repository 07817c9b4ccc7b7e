import type { Config } from '#lib/config/schema.ts';
import type { LogKey } from '#lib/sigstore/log-key.ts';
import type { TrustedRoot } from '#lib/sigstore/trusted-root.ts';

type LogSettings = Config['logs'];

/** A Rekor v1 server to follow, with all of its trees. */
export interface FollowedServer {
  /** The host, as the trust root has it. */
  readonly instance: string;
  readonly readUrl: string;
  readonly names: readonly string[];
  readonly keys: readonly LogKey[];
  readonly reading: 'entries' | 'index';
  /** Where its active tree begins at first contact. */
  readonly start: 'end' | number;
  /** Whether the past of its trees is read without being asked for. */
  readonly history: boolean;
  /** What is kept of its trees. */
  readonly mirror: 'matches' | 'full';
}

/**
 * The Rekor v1 servers of the trust root to follow: all of them unless `logs.rekor-v1` is off or `logs.discover` false, and
 * those that `logs.list` names by their host, whose settings go before.
 */
export function serversToFollow(settings: LogSettings, root: TrustedRoot): FollowedServer[] {
  const followsAll = settings.discover && settings.rekorV1 !== 'off';
  return [...groupByServer(root)].flatMap(([instance, [log, ...others]]): FollowedServer[] => {
    const entry = settings.list.find(({ origin }) => log.names.includes(origin));
    if (!entry && !followsAll) return [];
    return [
      {
        instance,
        readUrl: entry?.url ?? log.baseUrl,
        names: log.names,
        keys: [log, ...others],
        reading: entry?.reading ?? (settings.rekorV1 === 'entries' ? 'entries' : 'index'),
        start: entry?.start ?? settings.start,
        history: entry?.backFill ?? settings.backFill,
        mirror: entry?.mirror ?? settings.mirror,
      },
    ];
  });
}

/** Whether `logs.list` names a Rekor v1 server by this origin. */
export function isServerName(root: TrustedRoot, origin: string): boolean {
  return root.logs.some(({ api, names }) => api === 'rekor-v1' && names.includes(origin));
}

/** A server may have had several keys: a signature by any of them is its own. */
function groupByServer(root: TrustedRoot): ReadonlyMap<string, [LogKey, ...LogKey[]]> {
  const servers = new Map<string, [LogKey, ...LogKey[]]>();
  for (const log of root.logs) {
    if (log.api !== 'rekor-v1') continue;
    const known = servers.get(log.origin);
    if (known) known.push(log);
    else servers.set(log.origin, [log]);
  }
  return servers;
}
