import { createHash } from 'node:crypto';
import { AnswerError } from '#lib/remote/answer-error.ts';
import type { Descriptor } from './descriptor.ts';

/** A manifest to begin with, and how people call it: its tag, or nothing. */
export interface TaggedManifest {
  readonly digest: string;
  readonly tag: string | null;
}

/**
 * Where OCI content is read: a layout on disk or a repository of a registry. Whatever it gives has the digest it was
 * asked for by; so a store can withhold, but not alter.
 */
export interface OciStore {
  /** For people. */
  readonly location: string;
  /** All that is tagged, and in a layout all that its index lists. */
  roots(signal?: AbortSignal): Promise<readonly TaggedManifest[]>;
  /** @throws {AnswerError | FetchError} */
  manifest(digest: string, signal?: AbortSignal): Promise<Uint8Array>;
  /** What is said about a manifest, by the index of referrers or by the tags that stand in for it. */
  referrers(digest: string, signal?: AbortSignal): Promise<readonly Descriptor[]>;
  /** The manifest of a tag; null where there is none. */
  tagged(tag: string, signal?: AbortSignal): Promise<string | null>;
  blob(descriptor: Pick<Descriptor, 'digest' | 'size'>, limit: number, signal?: AbortSignal): Promise<Uint8Array>;
}

/** @throws {AnswerError} where the bytes are not the ones that the digest names. */
export function requireDigest(bytes: Uint8Array, digest: string, what: string): void {
  const found = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  if (found === digest) return;
  throw new AnswerError(`${what} ${digest} is not what it is named: its bytes have the digest ${found}.`);
}

/** @throws {AnswerError} where a blob is said to be larger than is read. */
export function requireSize({ digest, size }: Pick<Descriptor, 'digest' | 'size'>, limit: number): void {
  if (size > limit) throw new AnswerError(`The blob ${digest} has ${size} bytes; at most ${limit} are read.`);
}
