import { hash } from 'node:crypto';

/** Lowercase hex. A log entry carries one of them; which, depends on the signing key. */
export interface SignedDigests {
  readonly sha256: string | null;
  readonly sha384: string | null;
  readonly sha512: string | null;
}

export type DigestAlgorithm = keyof SignedDigests;

/** The bytes that a DSSE signature covers: the pre-authentication encoding of the DSSE protocol, version 1. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const type = Buffer.from(payloadType, 'utf8');
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} `), type, Buffer.from(` ${payload.length} `), payload]);
}

export function digestsOf(bytes: Uint8Array): Readonly<Record<DigestAlgorithm, string>> {
  return { sha256: hash('sha256', bytes), sha384: hash('sha384', bytes), sha512: hash('sha512', bytes) };
}

export function sha256Hex(bytes: Uint8Array): string {
  return hash('sha256', bytes);
}
