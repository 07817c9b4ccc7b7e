import { generateKeyPairSync, hash, sign, type X509Certificate } from 'node:crypto';
import { STATEMENT_PAYLOAD_TYPE } from '#lib/model-signing/statement.ts';
import type { RemoteClient } from '#lib/remote/client.ts';
import type { JsonMap } from '#lib/remote/strict-answer.ts';
import { preAuthEncoding } from '#lib/sigstore/pae.ts';
import { requestCertificate } from './fulcio.ts';
import type { IdentityToken } from './identity-token.ts';
import { writeRekorV1 } from './rekor-v1.ts';
import { writeRekorV2 } from './rekor-v2.ts';
import type { SigningServices } from './signing-config.ts';
import { requestTimestamp } from './timestamp-authority.ts';

const MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** What is signed: an in-toto statement, as the payload of a DSSE envelope, or a file by its digest. */
export type SignedContent =
  | { readonly kind: 'statement'; readonly payload: Uint8Array }
  | { readonly kind: 'file'; readonly bytes: Uint8Array };

export interface KeylessSigning {
  readonly services: Pick<SigningServices, 'fulcio' | 'logs' | 'timestampAuthorities'>;
  readonly token: IdentityToken;
}

/**
 * Signs with a key that lives as long as this call, certified for the token's identity by Fulcio, stamped by each
 * timestamp authority and entered in each log.
 *
 * @returns the bundle (v0.3) as JSON, not verified yet.
 * @throws {SigningError} naming the service that failed.
 */
export async function signKeyless(
  client: RemoteClient,
  content: SignedContent,
  { services, token }: KeylessSigning,
): Promise<string> {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificate = await requestCertificate(client, services.fulcio, token, key);
  const covered = content.kind === 'file' ? content.bytes : preAuthEncoding(STATEMENT_PAYLOAD_TYPE, content.payload);
  const signed = { digest: hash('sha256', covered, 'buffer'), signature: sign('sha256', covered, key.privateKey) };
  const part = contentPart(content, signed);
  const stamps: Buffer[] = [];
  for (const url of services.timestampAuthorities) stamps.push(await requestTimestamp(client, url, signed.signature));
  const tlogEntries: JsonMap[] = [];
  for (const { url, api } of services.logs) {
    tlogEntries.push(
      api === 2
        ? await writeRekorV2(client, url, { ...signed, certificate: certificate.raw })
        : await writeRekorV1(client, url, proposedEntry(part, signed, certificate)),
    );
  }
  return JSON.stringify({
    mediaType: MEDIA_TYPE,
    verificationMaterial: {
      certificate: { rawBytes: certificate.raw.toString('base64') },
      tlogEntries,
      ...(stamps.length > 0 && {
        timestampVerificationData: {
          rfc3161Timestamps: stamps.map((stamp) => ({ signedTimestamp: stamp.toString('base64') })),
        },
      }),
    },
    ...part,
  });
}

interface Signed {
  readonly digest: Buffer;
  readonly signature: Buffer;
}

function contentPart(content: SignedContent, { digest, signature }: Signed) {
  const sig = signature.toString('base64');
  if (content.kind === 'file') {
    return {
      messageSignature: { messageDigest: { algorithm: 'SHA2_256', digest: digest.toString('base64') }, signature: sig },
    };
  }
  const payload = Buffer.from(content.payload).toString('base64');
  return { dsseEnvelope: { payload, payloadType: STATEMENT_PAYLOAD_TYPE, signatures: [{ sig, keyid: '' }] } };
}

function proposedEntry(
  part: ReturnType<typeof contentPart>,
  { digest, signature }: Signed,
  certificate: X509Certificate,
) {
  const certificatePem = certificate.toString();
  return part.dsseEnvelope
    ? { kind: 'dsse' as const, envelope: JSON.stringify(part.dsseEnvelope), certificatePem }
    : { kind: 'hashedrekord' as const, sha256: digest.toString('hex'), signature, certificatePem };
}
