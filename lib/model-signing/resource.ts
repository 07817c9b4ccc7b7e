import { StatementError } from './statement-error.ts';

/** `blake2b` is BLAKE2b-512; `blake3` has 32 bytes. */
export type HashType = 'sha256' | 'blake2b' | 'blake3';

/** The digest algorithms of OMS, and the length of their hex. */
const DIGEST_HEX = new Map<string, number>([
  ['sha256', 64],
  ['blake2b', 128],
  ['blake3', 64],
]);

const MAX_NAME_BYTES = 4096;

/** One signed file, or one signed part of a file. */
export interface OmsResource {
  /** Path from the model's folder with `/` between its parts; `.` is the model itself where it is one file. */
  readonly name: string;
  /** As the manifest writes it: the hash type, or for shards also `sha256-sharded-<size>`. */
  readonly algorithm: string;
  /** Lowercase hex. */
  readonly digest: string;
  /** For shards, the bytes of the file that are covered: from `start` up to but without `end`. */
  readonly shard?: { readonly path: string; readonly start: number; readonly end: number };
}

/** How the resources of a manifest were hashed. */
export interface ResourceSerialization {
  readonly method: 'files' | 'shards';
  readonly hashType: HashType;
  /** Bytes; null for whole files. */
  readonly shardSize: number | null;
}

export function isHashType(value: unknown): value is HashType {
  return typeof value === 'string' && DIGEST_HEX.has(value);
}

/**
 * Reads one resource of an OMS manifest.
 *
 * @throws {StatementError} `bad-resource` for a name that could lead out of the model's folder or has a second
 *   spelling, and for a digest that is not of the manifest's hash type; `bad-shards` for a shard without its range.
 */
export function readResource(value: unknown, at: string, serialization: ResourceSerialization): OmsResource {
  const { method, hashType, shardSize } = serialization;
  if (typeof value !== 'object' || value === null) throw new StatementError('bad-resource', `${at} is not an object.`);
  const { name, algorithm, digest } = value as Record<string, unknown>;
  if (typeof name !== 'string') throw new StatementError('bad-resource', `${at}.name is not a text.`);
  const shard = method === 'shards' ? readShardName(name, at) : undefined;
  refuseUnsafePath(shard?.path ?? name, at);
  const ofShards = method === 'shards' ? `${hashType}-sharded-${shardSize}` : hashType;
  if (typeof algorithm !== 'string' || (algorithm !== hashType && algorithm !== ofShards)) {
    throw new StatementError(
      'bad-resource',
      `${at}.algorithm is neither the manifest's hash type ${hashType} nor ${ofShards}.`,
    );
  }
  return { name, algorithm, digest: readDigest(digest, hashType, at), ...(shard && { shard }) };
}

/**
 * @throws {StatementError} where a v0.1 subject, which is one file, has no usable name.
 */
export function refuseUnsafePath(path: string, at: string): void {
  const problem = unsafePath(path);
  if (problem)
    throw new StatementError('bad-resource', `${at} names ${JSON.stringify(path.slice(0, 120))}: ${problem}.`);
}

function unsafePath(path: string): string | null {
  if (path === '') return 'a file needs a name';
  if (path.length > MAX_NAME_BYTES || new TextEncoder().encode(path).length > MAX_NAME_BYTES) {
    return `a name has at most ${MAX_NAME_BYTES} bytes`;
  }
  if (!path.isWellFormed()) return 'the name is not Unicode text';
  if (path.includes('\\')) return 'a backslash leads elsewhere on some systems';
  if (path.includes('\0')) return 'a NUL ends a name on most systems';
  if (path === '.') return null;
  if (path.startsWith('/')) return 'an absolute path leads out of the model';
  const parts = path.split('/');
  if (parts.includes('..')) return '".." leads out of the model';
  return parts.includes('.') || parts.includes('') ? 'the path has a shorter spelling' : null;
}

/** The range stands behind the last two colons: a path may have colons of its own. */
function readShardName(name: string, at: string): { path: string; start: number; end: number } {
  const match = /^(.*):(0|[1-9]\d{0,15}):([1-9]\d{0,15})$/s.exec(name);
  const [path, start, end] = [match?.[1], Number(match?.[2]), Number(match?.[3])];
  if (path === undefined || !Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start >= end) {
    throw new StatementError(
      'bad-shards',
      `${at}.name is not a path with its range, as in "weights.bin:0:1000000000".`,
    );
  }
  return { path, start, end };
}

function readDigest(value: unknown, hashType: string, at: string): string {
  const length = DIGEST_HEX.get(hashType);
  const digest = typeof value === 'string' ? value.toLowerCase() : '';
  if (digest.length !== length || !/^[0-9a-f]+$/.test(digest)) {
    throw new StatementError(
      'bad-resource',
      `${at}.digest is not the ${length} hexadecimal digits of a ${hashType} digest.`,
    );
  }
  return digest;
}
