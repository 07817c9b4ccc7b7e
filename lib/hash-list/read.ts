import type { HashType } from '#lib/model-signing/resource.ts';
import { JsonError, parseStrictJson } from '#lib/model-signing/strict-json.ts';
import { readChecksums } from './checksums.ts';
import type { HashList } from './hash-list.ts';
import { HashListError } from './hash-list-error.ts';
import { readHuggingFace } from './hugging-face.ts';
import { HASH_LIST_LIMITS, type HashListLimits } from './limits.ts';
import { modeltrailManifestOf } from './modeltrail-manifest.ts';
import { listOfBundle, listOfStatement } from './signed-list.ts';

export interface HashListOptions extends Partial<HashListLimits> {
  /** What 64 digits without a tag are of; SHA-256 where not said. */
  readonly hashType?: HashType;
}

/**
 * Reads a list of hashes in any form of `HashListForm`, which is told by its content: JSON begins with a brace or bracket,
 * all else is lines of checksums. By default at most 32 MiB and 100,000 files.
 *
 * @throws {HashListError} for whatever cannot be read to the end with one meaning.
 */
export function readHashList(bytes: Uint8Array, options: HashListOptions = {}): HashList {
  const limits: HashListLimits = {
    maxBytes: options.maxBytes ?? HASH_LIST_LIMITS.maxBytes,
    maxFiles: options.maxFiles ?? HASH_LIST_LIMITS.maxFiles,
  };
  if (bytes.length > limits.maxBytes) {
    throw new HashListError('too-large', `The list has ${bytes.length} bytes; at most ${limits.maxBytes} are read.`);
  }
  const plain = withoutMark(bytes);
  return looksLikeJson(plain) ? readJson(plain, limits) : readChecksums(decode(plain), limits, options.hashType);
}

function readJson(bytes: Uint8Array, limits: HashListLimits): HashList {
  const json = parse(bytes, limits);
  if (Array.isArray(json)) return readHuggingFace(json, limits);
  const top = json as Record<string, unknown>;
  if ('format' in top) return modeltrailManifestOf(top, limits);
  if ('dsseEnvelope' in top || ('payload' in top && 'payloadType' in top)) return listOfBundle(top, limits);
  if ('_type' in top) return listOfStatement(bytes, 'oms-statement', limits);
  if ('siblings' in top) return readHuggingFace(top, limits);
  const what =
    'messageSignature' in top ? 'The bundle signs one digest and lists no files' : 'The JSON is of no known form';
  throw new HashListError(
    'unknown-form',
    `${what}. Hand in a model signature, a "modeltrail.manifest/v1", a listing of the Hugging Face Hub, or checksums.`,
  );
}

function parse(bytes: Uint8Array, limits: HashListLimits): unknown {
  try {
    return parseStrictJson(bytes, limits);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new HashListError('not-json', `The list begins like JSON. ${error.message}`);
  }
}

/** Without the byte order mark that Windows writes. */
function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

function looksLikeJson(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
  return first === 0x7b || first === 0x5b;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new HashListError('not-text', 'The list is not UTF-8 text. Write it as UTF-8 (PowerShell: -Encoding utf8).');
  }
}
