import { BundleError, malformed } from './bundle-error.ts';
import { isAbsent, type JsonObject, readBytes, readList, readObject, readText } from './bundle-fields.ts';
import { type DigestAlgorithm, digestsOf, preAuthEncoding, type SignedDigests, sha256Hex } from './pae.ts';

const MAX_PAYLOAD_BYTES = 16 * 1024 * 1024;
const MAX_SIGNATURE_BYTES = 8 * 1024;
const MAX_PAYLOAD_TYPE = 1024;

const MESSAGE_DIGESTS = new Map<unknown, { algorithm: DigestAlgorithm; bytes: number }>([
  ['SHA2_256', { algorithm: 'sha256', bytes: 32 }],
  ['SHA2_384', { algorithm: 'sha384', bytes: 48 }],
  ['SHA2_512', { algorithm: 'sha512', bytes: 64 }],
]);

/** What a bundle signs. Digests are lowercase hex. */
export interface BundleContent {
  /** `dsse` signs a payload with its type, `message` the digest of a file. */
  readonly content: 'dsse' | 'message';
  readonly payload: Buffer | null;
  readonly payloadType: string | null;
  readonly payloadSha256: string | null;
  /** The digests that a log entry may have of the signed bytes: of the pre-authentication encoding, or of the file. */
  readonly signed: SignedDigests;
  readonly signature: Buffer;
  readonly signatureSha256: string;
}

/** @throws {BundleError} */
export function readContent(json: JsonObject): BundleContent {
  const { dsseEnvelope, messageSignature } = json;
  if (isAbsent(dsseEnvelope) === isAbsent(messageSignature)) {
    throw new BundleError(
      'unsupported-content',
      'The bundle has neither or both of dsseEnvelope and messageSignature, so it does not say what was signed.',
      'Sign again with a client that writes one of them.',
    );
  }
  return isAbsent(dsseEnvelope)
    ? readMessage(readObject(messageSignature, 'messageSignature'))
    : readEnvelope(readObject(dsseEnvelope, 'dsseEnvelope'));
}

function readEnvelope(envelope: JsonObject): BundleContent {
  const payload = readBytes(envelope.payload, 'dsseEnvelope.payload', MAX_PAYLOAD_BYTES);
  const payloadType = readText(envelope.payloadType, 'dsseEnvelope.payloadType', MAX_PAYLOAD_TYPE);
  const signatures = readList(envelope.signatures, 'dsseEnvelope.signatures', 2);
  if (signatures.length !== 1) {
    throw malformed('dsseEnvelope.signatures', `has ${signatures.length} entries, but a bundle has one signature`);
  }
  const path = 'dsseEnvelope.signatures[0]';
  const signature = readBytes(readObject(signatures[0], path).sig, `${path}.sig`, MAX_SIGNATURE_BYTES);
  return {
    content: 'dsse',
    payload,
    payloadType,
    payloadSha256: sha256Hex(payload),
    signed: digestsOf(preAuthEncoding(payloadType, payload)),
    signature,
    signatureSha256: sha256Hex(signature),
  };
}

function readMessage(message: JsonObject): BundleContent {
  const digest = readObject(message.messageDigest, 'messageSignature.messageDigest');
  const known = MESSAGE_DIGESTS.get(digest.algorithm);
  if (!known) {
    throw new BundleError(
      'unsupported-content',
      'The message digest is of another algorithm than SHA-256, SHA-384 and SHA-512.',
      'Sign with one of them.',
    );
  }
  const bytes = readBytes(digest.digest, 'messageSignature.messageDigest.digest', 64);
  if (bytes.length !== known.bytes) {
    throw malformed('messageSignature.messageDigest.digest', `has ${bytes.length} bytes, not ${known.bytes}`);
  }
  const signature = readBytes(message.signature, 'messageSignature.signature', MAX_SIGNATURE_BYTES);
  return {
    content: 'message',
    payload: null,
    payloadType: null,
    payloadSha256: null,
    signed: { sha256: null, sha384: null, sha512: null, [known.algorithm]: bytes.toString('hex') },
    signature,
    signatureSha256: sha256Hex(signature),
  };
}
