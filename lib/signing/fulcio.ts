import { type KeyObject, sign, X509Certificate } from 'node:crypto';
import type { RemoteClient } from '#lib/remote/client.ts';
import { asList, asMap, asText } from '#lib/remote/strict-answer.ts';
import type { IdentityToken } from './identity-token.ts';
import { askService, readingAnswer, readServiceJson, type Service } from './service-client.ts';
import { SigningError } from './signing-error.ts';

const MAX_PEM = 64 * 1024;

/**
 * Asks Fulcio for a certificate of the token's identity over a fresh EC P-256 key (`POST /api/v2/signingCert`).
 *
 * @throws {SigningError} where it refuses, or certifies another key than ours.
 */
export async function requestCertificate(
  client: RemoteClient,
  url: string,
  token: IdentityToken,
  key: { readonly privateKey: KeyObject; readonly publicKey: KeyObject },
): Promise<X509Certificate> {
  const service = { name: 'The certificate authority', url };
  const request = {
    credentials: { oidcIdentityToken: token.jwt },
    publicKeyRequest: {
      publicKey: { algorithm: 'ECDSA', content: key.publicKey.export({ type: 'spki', format: 'pem' }) },
      proofOfPossession: sign('sha256', Buffer.from(token.subject), key.privateKey).toString('base64'),
    },
  };
  const { bytes } = await askService(client, service, {
    path: '/api/v2/signingCert',
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(request),
    secret: token.jwt,
  });
  const certificate = readCertificate(service, bytes);
  const ours = key.publicKey.export({ type: 'spki', format: 'der' });
  if (certificate.publicKey.export({ type: 'spki', format: 'der' }).equals(ours)) return certificate;
  throw new SigningError(`${service.name} ${url} gave a certificate of another key than the one it was asked for.`);
}

/** The first of the chain; the others are in the trust root, or are not trusted. */
function readCertificate(service: Service, bytes: Uint8Array): X509Certificate {
  const answer = readServiceJson(service, bytes);
  const pem = readingAnswer(service, () => {
    const signed = asMap(answer.signedCertificateEmbeddedSct ?? answer.signedCertificateDetachedSct, 'The certificate');
    const chain = asList(asMap(signed.chain, 'chain').certificates, 'chain.certificates', 10);
    return asText(chain[0], 'chain.certificates[0]', MAX_PEM);
  });
  try {
    return new X509Certificate(pem);
  } catch {
    throw new SigningError(`${service.name} ${service.url} gave something else than a certificate in PEM.`);
  }
}
