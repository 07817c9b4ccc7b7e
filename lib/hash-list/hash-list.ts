import type { HashType, OmsResource } from '#lib/model-signing/resource.ts';

/**
 * What a list of hashes was read from. `checksums`: lines of sha256sum, b2sum or b3sum. `oms-bundle` and `oms-statement`:
 * a model signature or its payload, taken as a list only. `modeltrail`: our own JSON. `hugging-face`: the Hub's listing of a
 * repository.
 */
export const HASH_LIST_FORMS = ['checksums', 'oms-bundle', 'oms-statement', 'modeltrail', 'hugging-face'] as const;

export type HashListForm = (typeof HASH_LIST_FORMS)[number];

/** A file as somebody lists it. Nobody here has seen its bytes. */
export interface ListedFile {
  /** `/` between its parts, never leading out; `.` where the model is a single file. */
  readonly path: string;
  /** Bytes; null where the list does not say. */
  readonly size: number | null;
  /** One of the whole file, or those of its shards in order. Empty where the list has none that can be compared. */
  readonly digests: readonly OmsResource[];
}

/** A list of hashes that somebody handed in. */
export interface HashList {
  readonly form: HashListForm;
  /** What the list calls the model; a claim. */
  readonly name: string | null;
  /** The same for all files: lists that mix algorithms are refused. */
  readonly hashType: HashType;
  /** Bytes; null for whole files. */
  readonly shardSize: number | null;
  /** Sorted by path, each once. */
  readonly files: readonly ListedFile[];
  /** Paths that the sender left out before hashing, with all below them: what is there is not missing, nor known. */
  readonly leftOut: readonly string[];
  /** What was passed over in reading, for people. */
  readonly remarks: readonly string[];
}
