import type { TransparencyLogEntry } from '@sigstore/bundle';
import { TransparencyLogEntry as SpecLogEntry } from '@sigstore/protobuf-specs';

/**
 * Writes a hashedrekord 0.0.2 into a Rekor v2 log and answers with its entry, once a checkpoint includes it.
 *
 * @throws {Error} with the server's status and words.
 */
export async function writeRekorV2(
  baseUrl: string,
  signing: { readonly digest: Buffer; readonly signature: Buffer; readonly certificate: Buffer },
): Promise<TransparencyLogEntry> {
  const request = {
    hashedRekordRequestV002: {
      digest: signing.digest.toString('base64'),
      signature: {
        content: signing.signature.toString('base64'),
        verifier: {
          x509Certificate: { rawBytes: signing.certificate.toString('base64') },
          keyDetails: 'PKIX_ECDSA_P256_SHA_256',
        },
      },
    },
  };
  const response = await fetch(`${baseUrl.replace(/\/$/, '')}/api/v2/log/entries`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(30_000),
  });
  const answer = await response.text();
  if (response.status !== 201) throw new Error(`${baseUrl} answered ${response.status}: ${answer.slice(0, 300)}`);
  const entry = SpecLogEntry.fromJSON(JSON.parse(answer));
  if (!entry.logId || !entry.kindVersion) throw new Error(`${baseUrl} answered with an entry of no log or kind.`);
  return { ...entry, logId: entry.logId, kindVersion: entry.kindVersion };
}
