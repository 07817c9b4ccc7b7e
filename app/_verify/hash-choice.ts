import type { HashType } from '#lib/model-signing/resource.ts';

/** How files are hashed and which are left out, as the page's options say. */
export interface HashChoice {
  readonly hashType: HashType;
  /** Bytes; null for whole files. */
  readonly shardSize: number | null;
  readonly leavesOutGit: boolean;
  readonly leaveOut: readonly string[];
}

export const USUAL_CHOICE: HashChoice = { hashType: 'sha256', shardSize: null, leavesOutGit: true, leaveOut: [] };

export const HASH_TYPES: Readonly<Record<HashType, string>> = {
  sha256: 'SHA-256',
  blake2b: 'BLAKE2b',
  blake3: 'BLAKE3',
};
