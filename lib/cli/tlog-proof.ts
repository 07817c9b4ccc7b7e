import { decodeBase64 } from '#lib/tlog/base64.ts';
import { parseDecimal } from '#lib/tlog/size.ts';

/** An inclusion proof as c2sp.org/tlog-proof@v1 has it. Nothing of it is proved yet. */
export interface TlogProof {
  readonly index: number;
  /** From the leaf's sibling up. */
  readonly hashes: readonly Uint8Array[];
  /** The signed note, byte for byte. */
  readonly checkpoint: Uint8Array;
}

export class TlogProofError extends Error {
  override readonly name = 'TlogProofError';
}

/** Larger than any note of 64 KiB with the 53 hashes that a tree can ask for. */
export const MAX_PROOF_BYTES = 80 * 1024;

const FIRST_LINE = 'c2sp.org/tlog-proof@v1';
const HASH_BYTES = 32;
const MAX_HASHES = 64;

/**
 * Reads a proof file. Its `extra` line is authenticated by nothing, and passed over.
 *
 * @throws {TlogProofError} naming what is wrong.
 */
export function parseTlogProof(bytes: Uint8Array): TlogProof {
  const text = Buffer.from(bytes).toString('latin1');
  const end = text.indexOf('\n\n');
  if (end < 0) throw new TlogProofError('It has no empty line between the proof and the checkpoint.');
  const [first, ...rest] = text.slice(0, end).split('\n');
  if (first !== FIRST_LINE) throw new TlogProofError(`Its first line is not ${FIRST_LINE}.`);
  const [indexLine = '', ...lines] = rest[0]?.startsWith('extra ') ? rest.slice(1) : rest;
  const index = indexLine.startsWith('index ') ? parseDecimal(indexLine.slice('index '.length)) : undefined;
  if (index === undefined) throw new TlogProofError('It has no index line with a decimal number.');
  if (lines.length > MAX_HASHES)
    throw new TlogProofError(`It has ${lines.length} hashes, more than any tree asks for.`);
  return { index, hashes: lines.map(readHash), checkpoint: bytes.subarray(end + 2) };
}

function readHash(line: string, position: number): Uint8Array {
  try {
    const hash = decodeBase64(line);
    if (hash.length === HASH_BYTES) return hash;
  } catch {
    // Said below, as for a hash of another length.
  }
  throw new TlogProofError(`Hash ${position + 1} of the proof is not 32 bytes in base64.`);
}
