/** What is read of a list of hashes at the most. */
export interface HashListLimits {
  readonly maxBytes: number;
  readonly maxFiles: number;
}

/** 32 MiB and 100,000 files: what one request may hold. */
export const HASH_LIST_LIMITS: HashListLimits = { maxBytes: 32 * 1024 * 1024, maxFiles: 100_000 };
