import { AnswerError } from '#lib/remote/answer-error.ts';
import type { RemoteClient } from '#lib/remote/client.ts';
import { asList, asText, parseAnswer } from '#lib/remote/strict-answer.ts';

const MAX_ANSWER = 8 * 1024 * 1024;
const MAX_HITS = 50_000;
/** Tree id (16 hex digits) and leaf hash, or the leaf hash alone. */
const UUID = /^(?:[0-9a-f]{16})?[0-9a-f]{64}$/;

/** What an index can be asked for. */
export type IndexQuestion =
  /** SHA-256 of what was signed, in lowercase hex. */
  | { readonly digest: string }
  /** A mailbox that a certificate names. */
  | { readonly email: string }
  /** Any name of a certificate, whole: servers from v1.5.4 on know it. */
  | { readonly subject: string }
  /** A certificate, DER. */
  | { readonly certificate: Uint8Array };

/**
 * Asks a Rekor v1 log for the entries that name something (`POST /api/v1/index/retrieve`, sigstore/rekor openapi.yaml).
 * The index is a convenience beside the log, not covered by its tree: a hit is a hint, and no hit means nothing.
 *
 * @returns entry ids; each still has to be fetched and proved.
 * @throws {FetchError | AnswerError}
 */
export async function searchIndex(
  client: RemoteClient,
  base: string,
  question: IndexQuestion,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const answer = await client.send(`${base}/api/v1/index/retrieve`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(queryOf(question)),
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

function queryOf(question: IndexQuestion): object {
  if ('digest' in question) return { hash: `sha256:${question.digest}` };
  if (!('certificate' in question)) return question;
  const base64 = Buffer.from(question.certificate).toString('base64');
  const lines = base64.match(/.{1,64}/g) ?? [];
  const pem = ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
  return { publicKey: { format: 'x509', content: Buffer.from(pem).toString('base64') } };
}
