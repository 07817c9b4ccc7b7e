import { AnswerError } from '#lib/remote/answer-error.ts';
import type { RemoteClient } from '#lib/remote/client.ts';
import { asList, asText, parseAnswer } from '#lib/remote/strict-answer.ts';

const MAX_ANSWER = 8 * 1024 * 1024;
const MAX_HITS = 50_000;
/** Tree id (16 hex digits) and leaf hash, or the leaf hash alone. */
const UUID = /^(?:[0-9a-f]{16})?[0-9a-f]{64}$/;

/**
 * Asks a Rekor v1 log for the entries that name a digest (`POST /api/v1/index/retrieve`, sigstore/rekor openapi.yaml).
 * The index is a convenience beside the log, not covered by its tree: a hit is a hint, and no hit means nothing.
 *
 * @param digest SHA-256 in lowercase hex.
 * @returns entry ids; each still has to be fetched and proved.
 * @throws {FetchError | AnswerError}
 */
export async function searchIndex(
  client: RemoteClient,
  base: string,
  digest: string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const answer = await client.send(`${base}/api/v1/index/retrieve`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ hash: `sha256:${digest}` }),
    limit: MAX_ANSWER,
    signal,
  });
  const what = "The index's answer";
  const found = asList(parseAnswer(answer.bytes, what, MAX_ANSWER), what, MAX_HITS).map((item, i) => {
    const uuid = asText(item, `${what}[${i}]`, 128);
    if (!UUID.test(uuid)) throw new AnswerError(`${what}[${i}] is no id of an entry.`);
    return uuid;
  });
  return [...new Set(found)];
}
