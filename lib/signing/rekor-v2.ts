import type { RemoteClient } from '#lib/remote/client.ts';
import type { JsonMap } from '#lib/remote/strict-answer.ts';
import { askService, readServiceJson } from './service-client.ts';

/** What a hashedrekord 0.0.2 holds. The key is an EC key on P-256. */
export interface SignedDigest {
  /** SHA-256 of what is signed: for DSSE, of the pre-authentication encoding. */
  readonly digest: Buffer;
  readonly signature: Buffer;
  /** DER. */
  readonly certificate: Buffer;
}

/**
 * Writes a hashedrekord 0.0.2 into a Rekor v2 log (`POST /api/v2/log/entries`), which takes no other kind, and waits
 * until a checkpoint includes it.
 *
 * @returns the entry with its proof, in the JSON form of bundles.
 * @throws {SigningError}
 */
export async function writeRekorV2(client: RemoteClient, url: string, signed: SignedDigest): Promise<JsonMap> {
  const service = { name: 'The transparency log', url };
  const request = {
    hashedRekordRequestV002: {
      digest: signed.digest.toString('base64'),
      signature: {
        content: signed.signature.toString('base64'),
        verifier: {
          x509Certificate: { rawBytes: signed.certificate.toString('base64') },
          keyDetails: 'PKIX_ECDSA_P256_SHA_256',
        },
      },
    },
  };
  const { bytes } = await askService(client, service, {
    path: '/api/v2/log/entries',
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(request),
  });
  return withoutNulls(readServiceJson(service, bytes));
}

/** The server writes what is not there as null; bundles leave it out. */
function withoutNulls(entry: JsonMap): JsonMap {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null));
}
