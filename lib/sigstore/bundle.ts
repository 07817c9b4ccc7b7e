import { JsonError, parseStrictJson } from '#lib/model-signing/strict-json.ts';
import { type BundleContent, readContent } from './bundle-content.ts';
import { BundleError } from './bundle-error.ts';
import { isAbsent, isObject, type JsonObject, readBytes, readList, readObject } from './bundle-fields.ts';
import { type BundleLogEntry, readLogEntry } from './bundle-log-entry.ts';
import { type BundleMaterial, readMaterial } from './bundle-material.ts';
import { sha256Hex } from './pae.ts';

export const MAX_BUNDLE_BYTES = 16 * 1024 * 1024;
const MAX_TIMESTAMP_BYTES = 64 * 1024;
const MAX_LOG_ENTRIES = 4;
const MAX_TIMESTAMPS = 8;

const VERSIONS = new Map<string, BundleVersion>([
  ['application/vnd.dev.sigstore.bundle+json;version=0.1', '0.1'],
  ['application/vnd.dev.sigstore.bundle+json;version=0.2', '0.2'],
  ['application/vnd.dev.sigstore.bundle+json;version=0.3', '0.3'],
  ['application/vnd.dev.sigstore.bundle.v0.3+json', '0.3'],
]);

export type BundleVersion = '0.1' | '0.2' | '0.3';

/** A bundle's contents, bounded and strictly decoded, nothing verified. Digests are lowercase hex. */
export interface ParsedBundle extends BundleContent {
  /** Of the file. */
  readonly sha256: string;
  readonly mediaType: string;
  readonly version: BundleVersion;
  readonly material: BundleMaterial;
  readonly certificateSha256: string | null;
  /** Empty for what was never logged. */
  readonly logEntries: readonly BundleLogEntry[];
  /** DER of RFC 3161 responses. */
  readonly timestamps: readonly Buffer[];
  /** As parsed, for @sigstore/bundle. */
  readonly json: JsonObject;
}

/**
 * Reads a Sigstore bundle of format 0.1 to 0.3, at most 16 MiB.
 *
 * @throws {BundleError} with a code, what is wrong, and how to mend it.
 */
export function readBundle(bytes: Uint8Array): ParsedBundle {
  const json = readJson(bytes);
  const { mediaType, version } = readMediaType(json);
  const material = readObject(json.verificationMaterial, 'verificationMaterial');
  const signer = readMaterial(material);
  return {
    sha256: sha256Hex(bytes),
    mediaType,
    version,
    ...readContent(json),
    material: signer,
    certificateSha256: signer.form === 'certificate' ? sha256Hex(signer.certificate) : null,
    logEntries: readList(material.tlogEntries, 'verificationMaterial.tlogEntries', MAX_LOG_ENTRIES).map((entry, i) =>
      readLogEntry(entry, `verificationMaterial.tlogEntries[${i}]`),
    ),
    timestamps: readTimestamps(material.timestampVerificationData),
    json,
  };
}

function readJson(bytes: Uint8Array): JsonObject {
  let json: unknown;
  try {
    json = parseStrictJson(bytes, { maxBytes: MAX_BUNDLE_BYTES });
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    if (error.code === 'too-large') {
      throw new BundleError(
        'too-large',
        `The file is too large for a bundle. ${error.message}`,
        'Take it out of the folder.',
      );
    }
    const code = error.code === 'duplicate-key' ? error.code : 'not-json';
    throw new BundleError(
      code,
      `The file cannot be read. ${error.message}`,
      'Take the bundle as the signing client wrote it.',
      error.position === null ? null : `character ${error.position}`,
    );
  }
  if (isObject(json) && 'verificationMaterial' in json) return json;
  throw new BundleError(
    'not-a-bundle',
    'The file is JSON, but has no verificationMaterial, so it is not a Sigstore bundle.',
    'Name files that are not bundles differently, or sign with a client that writes the bundle format.',
  );
}

function readMediaType(json: JsonObject): { mediaType: string; version: BundleVersion } {
  const { mediaType } = json;
  const version = typeof mediaType === 'string' ? VERSIONS.get(mediaType) : undefined;
  if (typeof mediaType === 'string' && version) return { mediaType, version };
  throw new BundleError(
    'unknown-media-type',
    `The bundle's mediaType is ${JSON.stringify(mediaType)?.slice(0, 120) ?? 'missing'}, none of the formats 0.1, 0.2 and 0.3.`,
    'Sign again with a client that writes one of them, or update Modeltrail.',
    'mediaType',
  );
}

function readTimestamps(value: unknown): Buffer[] {
  if (isAbsent(value)) return [];
  const path = 'verificationMaterial.timestampVerificationData';
  const list = readList(readObject(value, path).rfc3161Timestamps, `${path}.rfc3161Timestamps`, MAX_TIMESTAMPS);
  return list.map((timestamp, i) => {
    const at = `${path}.rfc3161Timestamps[${i}]`;
    const text = readObject(timestamp, at).signedTimestamp;
    // Tools that put a timestamp in by hand break its lines; what it says is guarded by its own signature.
    return readBytes(
      typeof text === 'string' ? text.replaceAll('\n', '') : text,
      `${at}.signedTimestamp`,
      MAX_TIMESTAMP_BYTES,
    );
  });
}
