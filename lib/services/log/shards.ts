import type { Config } from '#lib/config/schema.ts';
import { type LogKey, noteVerifiers } from '#lib/sigstore/log-key.ts';
import { type MonitorConfig, readUrlOf } from '#lib/sigstore/monitor-config.ts';
import type { TrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { type LogVerifier, parseVerifierKey } from '#lib/tlog/key.ts';
import { noteKeyHash, SIGNATURE_TYPE } from '#lib/tlog/key-id.ts';
import type { NoteVerifier } from '#lib/tlog/note.ts';
import { ed25519SpkiFromKey } from '#lib/tlog/spki.ts';
import { isServerName } from './rekor-v1-servers.ts';
import type { ShardToFollow } from './sync.ts';

/** A shard with what is needed to follow it. */
export interface FollowedShard extends ShardToFollow {
  readonly verifiers: readonly NoteVerifier[];
  /** When the trust root's validity of its key ends, in milliseconds since the epoch; null while it has no end. */
  readonly keyValidUntil: number | null;
  /** Where to begin in it, where the configuration says so of it alone. */
  readonly start: 'end' | number | undefined;
  /** Whether its past is read without being asked for. */
  readonly history: boolean;
  /** Other addresses of the same log. */
  readonly vantages: readonly string[];
}

/** A log of the configuration that cannot be followed: the sentence says which, why, and the mend. */
export class ShardError extends Error {
  override readonly name = 'ShardError';
}

type LogSettings = Config['logs'];
type ListedLog = LogSettings['list'][number];

/**
 * The shards to follow: the Rekor v2 logs of the trust root where `logs.discover` says so, and those of `logs.list`,
 * whose settings go before. `monitor` says where a log is read that signers write to elsewhere.
 *
 * @throws {ShardError}
 */
export function shardsToFollow(
  settings: LogSettings,
  root: TrustedRoot,
  monitor: MonitorConfig | null = null,
): FollowedShard[] {
  const trusted = new Map(root.logs.filter(({ api }) => api === 'rekor-v2').map((log) => [log.origin, log]));
  // Certificate logs and Rekor v1 servers are listed here too, and followed other ways (lib/services/certificate, `serversToFollow`).
  const shards = settings.list.filter(
    ({ origin, key, api }) => api === undefined && (key !== undefined || !isServerName(root, origin)),
  );
  const listed = new Map(shards.map((log) => [log.origin, log]));
  const origins = new Set([...listed.keys(), ...(settings.discover ? trusted.keys() : [])]);
  return [...origins].map((origin) => {
    const entry = listed.get(origin);
    const log = trusted.get(origin);
    if (entry?.reading !== undefined) {
      throw new ShardError(
        `logs.list says how ${origin} is to be read, which only a Rekor v1 server of the trust root can be told. Leave out reading, or correct the origin.`,
      );
    }
    const following: Following = {
      start: entry?.start,
      history: entry?.backFill ?? settings.backFill,
      mirror: entry?.mirror ?? settings.mirror,
      vantages: entry?.vantages ?? [],
    };
    if (entry?.key) return { ...listedShard(entry, entry.key, log), ...following };
    if (log) return { ...trustedShard(log, entry?.url ?? readUrlOf(monitor, origin) ?? log.baseUrl), ...following };
    throw new ShardError(
      `logs.list names ${origin}, which the trust root does not. Add its key (a C2SP verifier key), or correct the origin.`,
    );
  });
}

type Following = Pick<FollowedShard, 'start' | 'history' | 'mirror' | 'vantages'>;
type Named = Omit<FollowedShard, keyof Following>;

function trustedShard(log: LogKey, readUrl: string): Named {
  const { origin, logId, keyDetails, spkiDer: publicKey } = log;
  return {
    origin,
    readUrl,
    logId,
    keyDetails,
    publicKey,
    source: 'trusted-root',
    verifiers: noteVerifiers(log),
    keyValidUntil: log.validUntil,
  };
}

function listedShard(entry: ListedLog, key: string, trusted: LogKey | undefined): Named {
  const verifier = readKey(entry.origin, key);
  const logId = Buffer.from(noteKeyHash(verifier.name, SIGNATURE_TYPE.ed25519, verifier.publicKey)).toString('hex');
  const readUrl = entry.url ?? trusted?.baseUrl;
  if (!readUrl)
    throw new ShardError(`logs.list names ${entry.origin} with a key, but no url to read it from. Add url.`);
  if (trusted && trusted.logId !== logId) {
    throw new ShardError(
      `logs.list gives ${entry.origin} another key than the trust root. One of the two is wrong: leave key out to take the trust root's.`,
    );
  }
  return {
    origin: entry.origin,
    readUrl,
    logId,
    keyDetails: 'PKIX_ED25519',
    publicKey: ed25519SpkiFromKey(verifier.publicKey),
    source: 'configuration',
    verifiers: [verifier],
    // The operator's own word, and so the way to read on where the trust root's has run out.
    keyValidUntil: null,
  };
}

function readKey(origin: string, key: string): LogVerifier {
  const verifier = parseVerifierKey(key);
  if (verifier.kind !== 'ed25519') {
    throw new ShardError(
      `The key of ${origin} in logs.list is of the kind ${verifier.kind}; a Rekor v2 log signs with Ed25519.`,
    );
  }
  if (verifier.name !== origin) {
    throw new ShardError(
      `The key of ${origin} in logs.list is that of ${verifier.name}. Give the key whose name is the origin.`,
    );
  }
  return verifier;
}
