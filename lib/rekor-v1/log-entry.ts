import { AnswerError } from '#lib/remote/answer-error.ts';
import type { RemoteClient } from '#lib/remote/client.ts';
import { asList, asMap, asText, type JsonMap, parseAnswer } from '#lib/remote/strict-answer.ts';
import { BundleError } from '#lib/sigstore/bundle-error.ts';
import { type BundleLogEntry, readLogEntry } from '#lib/sigstore/bundle-log-entry.ts';

const MAX_ANSWER = 4 * 1024 * 1024;
const MAX_BODY = 2 * 1024 * 1024;

/**
 * Fetches one entry of a Rekor v1 log with its proof (`GET /api/v1/log/entries/{uuid}`), in the form in which bundles
 * carry entries, so that the very same checks are made of it. Nothing of it is proved yet.
 *
 * @throws {FetchError | AnswerError}
 */
export async function fetchLogEntry(
  client: RemoteClient,
  base: string,
  uuid: string,
  signal?: AbortSignal,
): Promise<BundleLogEntry> {
  const answer = await client.send(`${base}/api/v1/log/entries/${uuid}`, {
    headers: { accept: 'application/json' },
    limit: MAX_ANSWER,
    signal,
  });
  return parseLogEntry(answer.bytes, uuid);
}

/** @throws {AnswerError} where it is not the entry that was asked for. */
export function parseLogEntry(bytes: Uint8Array, uuid: string): BundleLogEntry {
  const what = `The entry ${uuid}`;
  const [only, ...more] = Object.entries(asMap(parseAnswer(bytes, what, MAX_ANSWER), what));
  if (!only || more.length > 0)
    throw new AnswerError(`${what}: the answer holds ${more.length + (only ? 1 : 0)} entries.`);
  try {
    const entry = readLogEntry(asBundled(asMap(only[1], what), what), what);
    // The id ends with the leaf hash: another entry than the one asked for is not taken for it.
    if (uuid.endsWith(entry.leafHash)) return entry;
    throw new AnswerError(`${what} was asked for, and the log gave the one with the leaf hash ${entry.leafHash}.`);
  } catch (error) {
    if (error instanceof BundleError) throw new AnswerError(error.message);
    throw error;
  }
}

/** From the API's spelling to that of bundles: hashes in base64 for hex, counts as texts. */
function asBundled(json: JsonMap, what: string): JsonMap {
  const body = asText(json.body, `${what}: body`, MAX_BODY);
  const verification = asMap(json.verification, `${what}: verification`);
  const proof = asMap(verification.inclusionProof, `${what}: verification.inclusionProof`);
  const promise = verification.signedEntryTimestamp;
  return {
    logIndex: json.logIndex,
    logId: { keyId: fromHex(json.logID, `${what}: logID`) },
    kindVersion: kindOf(body, what),
    integratedTime: json.integratedTime,
    ...(promise !== undefined && promise !== null && { inclusionPromise: { signedEntryTimestamp: promise } }),
    inclusionProof: {
      logIndex: proof.logIndex,
      treeSize: proof.treeSize,
      rootHash: fromHex(proof.rootHash, `${what}: rootHash`),
      hashes: asList(proof.hashes, `${what}: hashes`, 64).map((hash, i) => fromHex(hash, `${what}: hashes[${i}]`)),
      checkpoint: { envelope: proof.checkpoint },
    },
    canonicalizedBody: body,
  };
}

function kindOf(body: string, what: string): { kind: string; version: string } {
  const json = asMap(parseAnswer(Buffer.from(body, 'base64'), `${what}: body`, MAX_BODY), `${what}: body`);
  return {
    kind: asText(json.kind, `${what}: body.kind`, 64),
    version: asText(json.apiVersion, `${what}: body.apiVersion`, 64),
  };
}

function fromHex(value: unknown, at: string): string {
  const text = asText(value, at, 64);
  if (!/^[0-9a-f]{64}$/.test(text)) throw new AnswerError(`${at} is not 32 bytes in hex.`);
  return Buffer.from(text, 'hex').toString('base64');
}
