import { AnswerError } from '#lib/remote/answer-error.ts';
import { asList, asMap, asText, asTextOrNull, type JsonMap, parseAnswer } from '#lib/remote/strict-answer.ts';

/** The OCI image specification (1.1) asks registries to take manifests of 4 MiB; none needs more. */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
const MAX_DESCRIPTORS = 10_000;
const MAX_ANNOTATIONS = 200;
const MAX_TEXT = 4096;

/** What points to content: its digest, its size, and what it is said to be (OCI image specification, descriptor.md). */
export interface Descriptor {
  readonly mediaType: string;
  /** `sha256:` and 64 lowercase hex digits; other algorithms are not read. */
  readonly digest: string;
  readonly size: number;
  readonly artifactType: string | null;
  readonly annotations: ReadonlyMap<string, string>;
}

/** A manifest: what it is made of, and what it is about. */
export interface Manifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly artifactType: string | null;
  /** Null for an index. */
  readonly config: Descriptor | null;
  readonly layers: readonly Descriptor[];
  /** Of an index: the manifests that it lists. */
  readonly manifests: readonly Descriptor[];
  /** The manifest that this one says something about. */
  readonly subject: Descriptor | null;
  readonly annotations: ReadonlyMap<string, string>;
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

/**
 * Reads an image manifest, an artifact manifest or an index. `bytes` must have been compared with `digest` before.
 *
 * @throws {AnswerError}
 */
export function parseManifest(bytes: Uint8Array, digest: string): Manifest {
  const what = `The manifest ${digest}`;
  const json = asMap(parseAnswer(bytes, what, MAX_MANIFEST_BYTES), what);
  if (json.schemaVersion !== 2) throw new AnswerError(`${what}: schemaVersion is not 2.`);
  const config = json.config === undefined ? null : readDescriptor(json.config, `${what}: config`);
  return {
    digest,
    mediaType: asTextOrNull(json.mediaType, `${what}: mediaType`, MAX_TEXT) ?? '',
    // Before specification 1.1 the type of the config said what the artifact is.
    artifactType: asTextOrNull(json.artifactType, `${what}: artifactType`, MAX_TEXT) ?? config?.mediaType ?? null,
    config,
    // `blobs` is what the artifact manifest of ORAS, which came before 1.1, calls its layers.
    layers: readDescriptors(json.layers ?? json.blobs, `${what}: layers`),
    manifests: readDescriptors(json.manifests, `${what}: manifests`),
    subject: json.subject === undefined ? null : readDescriptor(json.subject, `${what}: subject`),
    annotations: readAnnotations(json.annotations, what),
  };
}

/** @throws {AnswerError} */
export function readDescriptors(value: unknown, at: string): Descriptor[] {
  return asList(value, at, MAX_DESCRIPTORS).map((item, i) => readDescriptor(item, `${at}[${i}]`));
}

function readDescriptor(value: unknown, at: string): Descriptor {
  const json = asMap(value, at);
  const digest = asText(json.digest, `${at}.digest`, 256);
  if (!isDigest(digest)) throw new AnswerError(`${at}.digest is no SHA-256 digest: ${JSON.stringify(digest)}.`);
  const { size } = json;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw new AnswerError(`${at}.size is not a count of bytes.`);
  }
  return {
    mediaType: asTextOrNull(json.mediaType, `${at}.mediaType`, MAX_TEXT) ?? '',
    digest,
    size,
    artifactType: asTextOrNull(json.artifactType, `${at}.artifactType`, MAX_TEXT),
    annotations: readAnnotations(json.annotations, at),
  };
}

function readAnnotations(value: unknown, at: string): ReadonlyMap<string, string> {
  if (value === undefined || value === null) return new Map();
  const entries = Object.entries(asMap(value, `${at}.annotations`) satisfies JsonMap);
  if (entries.length > MAX_ANNOTATIONS) throw new AnswerError(`${at}.annotations has more than ${MAX_ANNOTATIONS}.`);
  return new Map(entries.map(([key, text]) => [key, asText(text, `${at}.annotations.${key}`, 64 * 1024)]));
}
