import { type HashType, isHashType, type OmsResource } from '#lib/model-signing/resource.ts';
import { refuseBrokenShards } from '#lib/model-signing/shards.ts';
import { StatementError } from '#lib/model-signing/statement-error.ts';
import { JsonError, parseStrictJson } from '#lib/model-signing/strict-json.ts';
import type { HashList, ListedFile } from './hash-list.ts';
import { HashListError } from './hash-list-error.ts';
import { asArray, asDigest, asObject, asSize, asText, refuseUnknownKeys } from './json-fields.ts';
import { HASH_LIST_LIMITS, type HashListLimits } from './limits.ts';
import { ListBuilder, refuseBadPath, wholeFile } from './list-builder.ts';

/** What `format` says of our own JSON form of a list of hashes. */
export const MODELTRAIL_MANIFEST = 'modeltrail.manifest/v1';

/**
 * Our own JSON form of a list, in its one spelling: files sorted by path, one a line. It says how and what was hashed; the
 * form that the list came in and the remarks about that are no part of it.
 *
 * A file has `digest` (null without one), or in lists of shards `shards`, which are empty for an empty file.
 */
export function writeModeltrailManifest({ name, hashType, shardSize, leftOut, files }: HashList): string {
  const head = { format: MODELTRAIL_MANIFEST, name, hashType, shardSize, leftOut: [...new Set(leftOut)].sort() };
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const lines = sorted.map((file) => JSON.stringify(writeFile(file, shardSize)));
  return `${JSON.stringify(head).slice(0, -1)},"files":[\n${lines.join(',\n')}\n]}\n`;
}

function writeFile({ path, size, digests }: ListedFile, shardSize: number | null): object {
  if (shardSize === null) return { path, size, digest: digests[0]?.digest ?? null };
  const shards = digests.map(({ digest, shard }) => ({ start: shard?.start ?? 0, end: shard?.end ?? 0, digest }));
  return { path, size, shards };
}

/**
 * Reads our own JSON form, strictly: UTF-8, no key twice, no key that is not known, every digest of the list's hash type,
 * shards without a gap.
 *
 * @throws {HashListError} naming the field at fault.
 */
export function readModeltrailManifest(bytes: Uint8Array, limits: HashListLimits = HASH_LIST_LIMITS): HashList {
  try {
    return modeltrailManifestOf(parseStrictJson(bytes, { maxBytes: limits.maxBytes }), limits);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new HashListError(error.code === 'too-large' ? 'too-large' : 'not-json', `The list: ${error.message}`);
  }
}

/** The same of JSON that is parsed already. @throws {HashListError} naming the field at fault. */
export function modeltrailManifestOf(json: unknown, limits: HashListLimits): HashList {
  const top = asObject(json, 'the list');
  refuseUnknownKeys(top, ['format', 'name', 'hashType', 'shardSize', 'leftOut', 'files'], 'the list');
  const { format, hashType, shardSize = null } = top;
  if (format !== MODELTRAIL_MANIFEST) {
    throw new HashListError('unknown-form', `format is not "${MODELTRAIL_MANIFEST}", the one that is read.`, 'format');
  }
  if (!isHashType(hashType)) {
    throw new HashListError('unsupported-hash', 'hashType is none of sha256, blake2b, blake3.', 'hashType');
  }
  if (shardSize !== null && !(Number.isSafeInteger(shardSize) && Number(shardSize) > 0)) {
    throw new HashListError('bad-field', 'shardSize is neither null nor a count of bytes.', 'shardSize');
  }
  const how = { hashType, shardSize: shardSize === null ? null : Number(shardSize) };
  const builder = new ListBuilder(limits.maxFiles);
  asArray(top.files, 'files', limits.maxFiles).forEach((value, i) => {
    builder.add(readFile(value, `files[${i}]`, how), `files[${i}]`);
  });
  return builder.build({
    form: 'modeltrail',
    name: top.name == null ? null : asText(top.name, 'name'),
    ...how,
    leftOut: readLeftOut(top.leftOut, limits.maxFiles),
    remarks: [],
  });
}

interface How {
  readonly hashType: HashType;
  readonly shardSize: number | null;
}

function readFile(value: unknown, at: string, { hashType, shardSize }: How): ListedFile {
  const file = asObject(value, at);
  refuseUnknownKeys(file, ['path', 'size', shardSize === null ? 'digest' : 'shards'], at);
  const path = asText(file.path, `${at}.path`);
  const size = file.size == null ? null : asSize(file.size, `${at}.size`);
  if (shardSize === null) {
    if (file.digest === null) return { path, size, digests: [] };
    return { path, size, digests: wholeFile(path, hashType, asDigest(file.digest, hashType, `${at}.digest`)) };
  }
  const most = size === null ? HASH_LIST_LIMITS.maxFiles : Math.ceil(size / shardSize);
  const digests = asArray(file.shards, `${at}.shards`, most).map((shard, i) =>
    readShard(shard, path, `${at}.shards[${i}]`, { hashType, shardSize }),
  );
  refuseGaps(digests, size, at, shardSize);
  return { path, size, digests };
}

function readShard(value: unknown, path: string, at: string, { hashType, shardSize }: How): OmsResource {
  const shard = asObject(value, at);
  refuseUnknownKeys(shard, ['start', 'end', 'digest'], at);
  const [start, end] = [asSize(shard.start, `${at}.start`), asSize(shard.end, `${at}.end`)];
  if (start >= end) throw new HashListError('bad-field', `${at} ends at or before its start.`, at);
  return {
    name: `${path}:${start}:${end}`,
    algorithm: `${hashType}-sharded-${shardSize}`,
    digest: asDigest(shard.digest, hashType, `${at}.digest`),
    shard: { path, start, end },
  };
}

function refuseGaps(digests: readonly OmsResource[], size: number | null, at: string, shardSize: number): void {
  try {
    refuseBrokenShards(digests, shardSize);
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    throw new HashListError('bad-field', error.message, at);
  }
  const covered = digests.at(-1)?.shard?.end ?? 0;
  const ordered = digests.every(({ shard }, i) => i === 0 || digests[i - 1]?.shard?.end === shard?.start);
  if (!ordered) throw new HashListError('bad-field', `${at}.shards are not in the order of the file.`, at);
  if (size !== null && covered !== size) {
    throw new HashListError('bad-field', `${at}.shards cover ${covered} bytes of a file of ${size}.`, at);
  }
}

function readLeftOut(value: unknown, most: number): string[] {
  const paths = asArray(value ?? [], 'leftOut', most).map((path, i) => {
    const text = asText(path, `leftOut[${i}]`);
    refuseBadPath(text, `leftOut[${i}]`);
    return text;
  });
  return [...new Set(paths)].sort();
}
