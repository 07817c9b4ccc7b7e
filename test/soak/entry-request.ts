import { createHash, randomBytes, sign } from 'node:crypto';
import { dsse } from '@sigstore/core';
import type { Identity } from './identity.ts';

/** What is sent to a log, and the digest (lowercase hex) that its entry will have. */
export interface EntryRequest {
  readonly digest: string;
  readonly body: object;
}

const TYPE = 'application/vnd.in-toto+json';

/** @param i every third is an in-toto statement, the others are of random bytes. */
export async function rekor2Request(identity: Identity, i: number): Promise<EntryRequest> {
  const certificate = await identity.certificate();
  const data = i % 3 === 2 ? dsse.preAuthEncoding(TYPE, statement(i)) : randomBytes(64);
  const digest = createHash('sha256').update(data).digest();
  const verifier = certificate
    ? { x509Certificate: { rawBytes: certificate.der.toString('base64') } }
    : { publicKey: { rawBytes: identity.publicDer.toString('base64') } };
  const body = {
    hashedRekordRequestV002: {
      digest: digest.toString('base64'),
      signature: {
        content: signed(identity, data),
        verifier: { ...verifier, keyDetails: 'PKIX_ECDSA_P256_SHA_256' },
      },
    },
  };
  return { digest: digest.toString('hex'), body };
}

/** @param i by thirds: hashedrekord, dsse, rekord. */
export async function rekor1Request(identity: Identity, i: number): Promise<EntryRequest> {
  const certificate = await identity.certificate();
  const content = Buffer.from(certificate?.pem ?? identity.publicPem).toString('base64');
  if (i % 3 === 1) return dsse1Request(identity, content, i);
  const data = randomBytes(64);
  const value = createHash('sha256').update(data).digest('hex');
  const signature = { content: signed(identity, data), publicKey: { content } };
  if (i % 3 === 0) {
    const spec = { data: { hash: { algorithm: 'sha256', value } }, signature };
    return { digest: value, body: { apiVersion: '0.0.1', kind: 'hashedrekord', spec } };
  }
  const spec = { data: { content: data.toString('base64') }, signature: { format: 'x509', ...signature } };
  return { digest: value, body: { apiVersion: '0.0.1', kind: 'rekord', spec } };
}

function dsse1Request(identity: Identity, verifier: string, i: number): EntryRequest {
  const payload = statement(i);
  const sig = signed(identity, dsse.preAuthEncoding(TYPE, payload));
  const envelope = JSON.stringify({ payloadType: TYPE, payload: payload.toString('base64'), signatures: [{ sig }] });
  const spec = { proposedContent: { envelope, verifiers: [verifier] } };
  const digest = createHash('sha256').update(payload).digest('hex');
  return { digest, body: { apiVersion: '0.0.1', kind: 'dsse', spec } };
}

function signed({ privateKey }: Identity, data: Uint8Array): string {
  return sign('sha256', data, privateKey).toString('base64');
}

function statement(i: number): Buffer {
  const digest = { sha256: randomBytes(32).toString('hex') };
  return Buffer.from(
    JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: `model-${i % 40}`, digest }],
      predicateType: 'https://model_signing/signature/v1.0',
      predicate: { serialization: { method: 'files', hash_type: 'sha256' }, resources: [] },
    }),
  );
}
