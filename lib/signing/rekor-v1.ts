import type { RemoteClient } from '#lib/remote/client.ts';
import { asList, asMap, asText, type JsonMap, parseAnswer } from '#lib/remote/strict-answer.ts';
import { askService, readingAnswer, readServiceJson, type Service } from './service-client.ts';
import { SigningError } from './signing-error.ts';

const MAX_BODY = 2 * 1024 * 1024;
const UUID = /^(?:[0-9a-f]{16})?[0-9a-f]{64}$/;

/** An entry as it is proposed to the log. */
export type ProposedEntry =
  | { readonly kind: 'dsse'; readonly envelope: string; readonly certificatePem: string }
  | {
      readonly kind: 'hashedrekord';
      /** SHA-256 of what is signed, lowercase hex. */
      readonly sha256: string;
      readonly signature: Buffer;
      readonly certificatePem: string;
    };

/**
 * Writes an entry into a Rekor v1 log (`POST /api/v1/log/entries`): dsse 0.0.1 for statements, hashedrekord 0.0.1 for
 * files. An entry that is there already, after an answer that was lost, is fetched.
 *
 * @returns the entry with its proof, in the JSON form of bundles.
 * @throws {SigningError}
 */
export async function writeRekorV1(client: RemoteClient, url: string, entry: ProposedEntry): Promise<JsonMap> {
  const service = { name: 'The transparency log', url };
  const answer = await askService(client, service, {
    path: '/api/v1/log/entries',
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(proposal(entry)),
    accept: [409],
  });
  if (answer.status !== 409) return readEntry(service, answer.bytes);
  const uuid = answer.header('location')?.split('/').pop() ?? '';
  if (!UUID.test(uuid)) throw new SigningError(`${service.name} ${url} has the entry, and does not say where.`);
  const { bytes } = await askService(client, service, {
    path: `/api/v1/log/entries/${uuid}`,
    headers: { accept: 'application/json' },
  });
  return readEntry(service, bytes);
}

function proposal(entry: ProposedEntry): object {
  const certificate = Buffer.from(entry.certificatePem).toString('base64');
  if (entry.kind === 'dsse') {
    const proposedContent = { envelope: entry.envelope, verifiers: [certificate] };
    return { apiVersion: '0.0.1', kind: 'dsse', spec: { proposedContent } };
  }
  const data = { hash: { algorithm: 'sha256', value: entry.sha256 } };
  const signature = { content: entry.signature.toString('base64'), publicKey: { content: certificate } };
  return { apiVersion: '0.0.1', kind: 'hashedrekord', spec: { data, signature } };
}

/** From the API's spelling to that of bundles: base64 for hex, counts as texts. */
function readEntry(service: Service, bytes: Uint8Array): JsonMap {
  const answer = readServiceJson(service, bytes);
  return readingAnswer(service, () => {
    const [entry] = Object.values(answer);
    const json = asMap(entry, 'The entry');
    const body = asText(json.body, 'body', MAX_BODY);
    const verification = asMap(json.verification, 'verification');
    const proof = asMap(verification.inclusionProof, 'verification.inclusionProof');
    const promise = verification.signedEntryTimestamp;
    const { kind, apiVersion } = asMap(parseAnswer(Buffer.from(body, 'base64'), 'body', MAX_BODY), 'body');
    return {
      logIndex: String(json.logIndex),
      logId: { keyId: fromHex(json.logID, 'logID') },
      kindVersion: { kind, version: apiVersion },
      integratedTime: String(json.integratedTime),
      ...(promise !== undefined && { inclusionPromise: { signedEntryTimestamp: promise } }),
      inclusionProof: {
        logIndex: String(proof.logIndex),
        rootHash: fromHex(proof.rootHash, 'rootHash'),
        treeSize: String(proof.treeSize),
        hashes: asList(proof.hashes, 'hashes', 64).map((hash, i) => fromHex(hash, `hashes[${i}]`)),
        checkpoint: { envelope: asText(proof.checkpoint, 'checkpoint', 64 * 1024) },
      },
      canonicalizedBody: body,
    };
  });
}

function fromHex(value: unknown, at: string): string {
  return Buffer.from(asText(value, at, 128), 'hex').toString('base64');
}
