import { nobleSha256, type Sha256 } from '#lib/tlog/hash.ts';
import { toHex } from '#lib/tlog/hex.ts';

/** One row of an audit chain, as it is stored and exported. */
export interface ChainedEntry {
  readonly chain: string;
  /** From 1, without a gap. */
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** JSON, byte for byte as it was hashed. */
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  /** JSON, byte for byte as it was hashed. */
  readonly detail: string;
  /** Lowercase hex. */
  readonly previous: string;
  readonly hash: string;
}

/** What stands before the first entry of a chain. */
export const NO_PREVIOUS = '0'.repeat(64);

/**
 * The hash of an entry, lowercase hex: SHA-256 over the UTF-8 of the JSON array `["modeltrail-audit-v1", previous, chain, seq,
 * at, actor, action, target, detail]` without white space. Whoever has the rows can work it out again.
 */
export function hashAuditEntry(entry: Omit<ChainedEntry, 'hash'>, sha256: Sha256 = nobleSha256): string {
  const { previous, chain, seq, at, actor, action, target, detail } = entry;
  const hashed = JSON.stringify(['modeltrail-audit-v1', previous, chain, seq, at, actor, action, target, detail]);
  return toHex(sha256(new TextEncoder().encode(hashed)));
}

/** What is wrong with a chain, and at which of its entries. */
export interface ChainFault {
  readonly seq: number;
  readonly problem: string;
}

/**
 * Goes through a whole chain in its order. Null where nothing was changed, taken out or put in. An end that was cut off
 * cannot be told from the rows alone: compare the last hash with one that was noted elsewhere.
 */
export function findChainFault(entries: Iterable<ChainedEntry>, sha256: Sha256 = nobleSha256): ChainFault | null {
  let previous = NO_PREVIOUS;
  let seq = 1;
  let chain: string | null = null;
  for (const entry of entries) {
    chain ??= entry.chain;
    if (entry.chain !== chain) return { seq, problem: `it belongs to the chain ${entry.chain}` };
    if (entry.seq !== seq) return { seq, problem: `it is missing: entry ${entry.seq} stands in its place` };
    if (entry.previous !== previous) return { seq, problem: 'it does not follow from the entry before it' };
    if (hashAuditEntry(entry, sha256) !== entry.hash) return { seq, problem: 'its hash is not that of what it says' };
    previous = entry.hash;
    seq++;
  }
  return null;
}
