import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { TrustedRoot as SpecTrustedRoot } from '@sigstore/protobuf-specs';
import { type TrustMaterial, toTrustMaterial } from '@sigstore/verify';
import { JsonError, parseStrictJson } from '#lib/model-signing/strict-json.ts';
import { identifyLog, type LogKey } from './log-key.ts';
import { TrustError } from './trust-error.ts';
import { TrustField } from './trust-field.ts';
import type { ValidFor } from './validity.ts';

const MAX_BYTES = 4 * 1024 * 1024;
const MEDIA_TYPE = /^application\/vnd\.dev\.sigstore\.trustedroot(\+json;version=0\.1|\.v0\.[12]\+json)$/;

/** A certificate transparency log. */
export interface CtLog extends ValidFor {
  readonly baseUrl: string;
  /** Lowercase hex. */
  readonly logId: string;
  readonly keyDetails: string;
  readonly key: KeyObject;
}

/** A certificate authority, or a timestamp authority (whose own certificate is then the first). */
export interface Authority extends ValidFor {
  readonly uri: string;
  /** From the certificate that issues (or signs timestamps) up to the trusted root. */
  readonly chain: readonly X509Certificate[];
}

/** Whom to believe: a Sigstore instance's logs and authorities, checked and ready to verify with. */
export interface TrustedRoot {
  readonly logs: readonly LogKey[];
  readonly ctLogs: readonly CtLog[];
  readonly certificateAuthorities: readonly Authority[];
  readonly timestampAuthorities: readonly Authority[];
  /** The same for @sigstore/verify. */
  readonly material: TrustMaterial;
}

/**
 * Reads a trusted_root.json (format 0.1 and 0.2), at most 4 MiB.
 *
 * Stricter than @sigstore/verify: a log without the start of its validity would be trusted for all time, a key id cut
 * short matches no log, and a log id that the key does not give could never be found in a checkpoint.
 *
 * @throws {TrustError}
 */
export function parseTrustedRoot(json: string | Uint8Array): TrustedRoot {
  const root = readRoot(json);
  return {
    logs: root.list('tlogs').map(readLog),
    ctLogs: root.list('ctlogs').map(readCtLog),
    certificateAuthorities: root.list('certificateAuthorities').map(readAuthority),
    timestampAuthorities: root.list('timestampAuthorities').map(readAuthority),
    material: readMaterial(root.value),
  };
}

/** The transparency logs of a trust root, in its order. */
export function tlogInstances(root: TrustedRoot): readonly LogKey[] {
  return root.logs;
}

function readRoot(json: string | Uint8Array): TrustField {
  const bytes = typeof json === 'string' ? new TextEncoder().encode(json) : json;
  let value: unknown;
  try {
    value = parseStrictJson(bytes, { maxBytes: MAX_BYTES });
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new TrustError(
      'unreadable',
      `The trust root cannot be read. ${error.message} Take the file as it was published.`,
    );
  }
  const root = new TrustField(value, 'the trust root');
  const { mediaType } = root.object();
  if (typeof mediaType === 'string' && MEDIA_TYPE.test(mediaType)) return root;
  throw new TrustError(
    'not-a-trusted-root',
    `The mediaType is ${JSON.stringify(mediaType)?.slice(0, 120) ?? 'missing'}, not that of a Sigstore trusted root. ` +
      'Name a trusted_root.json, not a signing configuration or a TUF file.',
  );
}

function readLog(log: TrustField): LogKey {
  const { baseUrl, logId, key, keyDetails, validity } = readLogInstance(log);
  if (!URL.canParse(baseUrl)) {
    throw log.error(
      'bad-field',
      'has no URL for its baseUrl',
      'Its host is the name that checkpoints are signed with.',
    );
  }
  refuseOtherCheckpointKey(log, logId);
  const spkiDer = key.export({ type: 'spki', format: 'der' });
  const identity = identifyLog(new URL(baseUrl), logId, spkiDer);
  if (!identity) {
    throw log.error(
      'unknown-log-id',
      'has a logId that is neither SHA-256 of its key (Rekor v1) nor of origin and key (Rekor v2)',
      "For Rekor v2 the host of baseUrl must be the log's origin.",
    );
  }
  return { ...identity, ...validity, baseUrl, logId: logId.toString('hex'), keyDetails, spkiDer, key };
}

function readCtLog(log: TrustField): CtLog {
  const { baseUrl, logId, key, keyDetails, validity } = readLogInstance(log);
  return { ...validity, baseUrl, logId: logId.toString('hex'), keyDetails, key };
}

function readLogInstance(log: TrustField) {
  const publicKey = log.field('publicKey');
  const keyDetails = publicKey.text('keyDetails');
  const der = publicKey.bytes('rawBytes');
  const logId = log.field('logId').bytes('keyId');
  if (logId.length !== 32) throw log.error('bad-field', `has a logId of ${logId.length} bytes`, 'Write all 32.');
  const validity = publicKey.validity();
  if (validity.validFrom === null) {
    throw log.error(
      'no-validity-start',
      'does not say since when its key is valid (publicKey.validFor.start), so it would be trusted for all time',
      'Add the start of its validity.',
    );
  }
  return {
    baseUrl: log.text('baseUrl'),
    logId,
    keyDetails,
    key: readKey(log, der, keyDetails),
    validity: { validFrom: validity.validFrom, validUntil: validity.validUntil },
  };
}

/** Two ids for one log would need two ways to find it; all public trust roots have one, in full. */
function refuseOtherCheckpointKey(log: TrustField, logId: Buffer): void {
  const { checkpointKeyId } = log.object();
  if (checkpointKeyId === undefined || checkpointKeyId === null) return;
  const keyId = log.field('checkpointKeyId').bytes('keyId');
  if (keyId.equals(logId)) return;
  throw log.error(
    'bad-field',
    `has a checkpointKeyId of ${keyId.length} bytes that is not its logId`,
    'Write it in full, 32 bytes, not only the four that checkpoints carry; or leave it out.',
  );
}

function readKey(log: TrustField, der: Buffer, keyDetails: string): KeyObject {
  try {
    const isPkcs1 = keyDetails.startsWith('PKCS1_') || keyDetails.startsWith('PKIX_RSA_');
    if (!isPkcs1) return createPublicKey({ key: der, format: 'der', type: 'spki' });
    return readRsaKey(der);
  } catch {
    throw log.error('bad-key', `has a publicKey that is no readable ${keyDetails} key`, 'Check publicKey.rawBytes.');
  }
}

/** RSA keys stand in trust roots as PKCS #1 and as SPKI, whatever the name of their details says. */
function readRsaKey(der: Buffer): KeyObject {
  try {
    return createPublicKey({ key: der, format: 'der', type: 'pkcs1' });
  } catch {
    return createPublicKey({ key: der, format: 'der', type: 'spki' });
  }
}

function readAuthority(authority: TrustField): Authority {
  const certificates = authority.field('certChain').list('certificates');
  if (certificates.length === 0) {
    throw authority.error(
      'bad-field',
      'has no certificate',
      'Give its chain, from the issuing certificate to the root.',
    );
  }
  const chain = certificates.map((certificate) => {
    try {
      return new X509Certificate(certificate.bytes('rawBytes'));
    } catch (error) {
      if (error instanceof TrustError) throw error;
      throw certificate.error('bad-field', 'is not an X.509 certificate', 'Check its rawBytes.');
    }
  });
  const { validFrom, validUntil } = authority.validity();
  const { uri } = authority.object();
  // An authority without a start of its own is still bounded: by the validity of every certificate of its chain.
  return { uri: typeof uri === 'string' ? uri : '', chain, validFrom: validFrom ?? 0, validUntil };
}

function readMaterial(json: unknown): TrustMaterial {
  try {
    return toTrustMaterial(SpecTrustedRoot.fromJSON(json));
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 160) : 'unknown';
    throw new TrustError('bad-field', `The trust root cannot be used: ${why}. Take the file as it was published.`);
  }
}
