import type { KeyObject } from 'node:crypto';
import { JsonError, parseStrictJson } from '#lib/model-signing/strict-json.ts';
import type { SignedCheckpoint } from '#lib/rekor/checkpoint.ts';
import { LogDataError, type LogDataErrorCode } from '#lib/rekor/log-data-error.ts';
import { decodeBase64 } from '#lib/tlog/base64.ts';
import { TlogError } from '#lib/tlog/error.ts';
import { EMPTY_ROOT, equalBytes, HASH_BYTES } from '#lib/tlog/hash.ts';
import { isSize } from '#lib/tlog/size.ts';
import { uintBytes } from './tls-reader.ts';
import { verifyDigitallySigned } from './tls-signature.ts';

/** A certificate log's name with us, and the key that signs its tree heads. */
export interface CertificateLogKey {
  readonly origin: string;
  readonly key: KeyObject;
}

export const MAX_TREE_HEAD_BYTES = 16 * 1024;

const V1 = 0;
const TREE_HASH = 1;

/** The bytes that a log signs of its tree (RFC 6962, 3.5: TreeHeadSignature). */
export function treeHeadBytes(head: { timestamp: number; size: number; root: Uint8Array }): Uint8Array {
  return Buffer.concat([
    uintBytes(V1, 1),
    uintBytes(TREE_HASH, 1),
    uintBytes(head.timestamp, 8),
    uintBytes(head.size, 8),
    head.root,
  ]);
}

/**
 * Reads the answer to get-sth (RFC 6962, 4.3) and verifies its signature. The note of the result is the answer's own JSON
 * in one spelling, which this reads again.
 *
 * @throws {LogDataError} `malformed-note` or `bad-signature`.
 */
export function readTreeHead(bytes: Uint8Array, { origin, key }: CertificateLogKey): SignedCheckpoint {
  const fail = (code: LogDataErrorCode, why: string) =>
    new LogDataError(code, `The tree head of ${origin} is refused: ${why}`, {
      received: Buffer.from(bytes.subarray(0, 4096)).toString('base64'),
    });
  const json = parse(bytes, (why) => fail('malformed-note', why));
  const { tree_size: size, timestamp, sha256_root_hash, tree_head_signature } = json;
  if (typeof size !== 'number' || !isSize(size)) throw fail('malformed-note', 'its tree_size is no size.');
  if (typeof timestamp !== 'number' || !isSize(timestamp)) throw fail('malformed-note', 'its timestamp is no time.');
  const root = decode(sha256_root_hash);
  const signature = decode(tree_head_signature);
  if (root?.length !== HASH_BYTES) throw fail('malformed-note', 'its sha256_root_hash is no hash in base64.');
  if (!signature) throw fail('malformed-note', 'its tree_head_signature is not base64.');
  if (size === 0 && !equalBytes(root, EMPTY_ROOT)) throw fail('malformed-note', 'an empty tree has another root.');
  if (!verifyDigitallySigned(key, treeHeadBytes({ timestamp, size, root }), signature)) {
    throw fail('bad-signature', 'the key of the log did not sign it.');
  }
  const note = JSON.stringify({ tree_size: size, timestamp, sha256_root_hash, tree_head_signature });
  return { size, root, note, cosignatures: 0, extensions: [], signedAt: timestamp };
}

function parse(bytes: Uint8Array, fail: (why: string) => LogDataError): Readonly<Record<string, unknown>> {
  try {
    const json = parseStrictJson(bytes, { maxBytes: MAX_TREE_HEAD_BYTES, maxDepth: 8 });
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { ...json };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw fail(error.message);
  }
  throw fail('it is no JSON object.');
}

function decode(value: unknown): Uint8Array | null {
  try {
    return typeof value === 'string' ? decodeBase64(value) : null;
  } catch (error) {
    if (error instanceof TlogError) return null;
    throw error;
  }
}
