import type { SignedCheckpoint } from '#lib/rekor/checkpoint.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import type { KeptEntry } from '#lib/rekor/log-reader.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { type LogKey, verifySafely } from '#lib/sigstore/log-key.ts';
import { isValidAt } from '#lib/sigstore/validity.ts';
import { TlogError } from '#lib/tlog/error.ts';
import { equalBytes, hashLeaf } from '#lib/tlog/hash.ts';
import { toHex } from '#lib/tlog/hex.ts';
import { verifyInclusion } from '#lib/tlog/proof.ts';
import type { EntryAnswer } from './entry-answer.ts';
import type { HeadNotary } from './head-notary.ts';

/** The tree that an entry is to be of. */
export interface TreePlace {
  /** Decimal. */
  readonly treeId: string;
  /** The same as entries' ids begin with: 16 hex digits. */
  readonly treeHex: string;
  /** What the server adds to an index of the tree where it counts through all of its trees. */
  readonly indexOffset: number;
  readonly keys: readonly LogKey[];
  readonly notary: HeadNotary;
}

/** An entry that is bound to the signed head that came with it. */
export interface BoundEntry extends KeptEntry {
  readonly head: SignedCheckpoint;
  /** RFC 6962 2.1.1, under `head`. */
  readonly hashes: readonly Uint8Array[];
}

/**
 * Binds an entry to its tree before its body is looked at: leaf hash, place, inclusion proof, the signature of the
 * checkpoint that the proof leads to, and that of the entry's timestamp.
 *
 * @param index in the tree.
 * @throws {LogDataError} at the first that does not hold.
 */
export function bindEntry(answer: EntryAnswer, index: number, place: TreePlace): BoundEntry {
  const { proof, body, leafHex } = answer;
  const what = `Entry ${index} of ${place.notary.origin}`;
  const leafHash = hashLeaf(body, nodeSha256);
  refuseOtherPlace(answer, index, place, what);
  if (toHex(leafHash) !== leafHex) {
    throw new LogDataError('entry-mismatch', `${what} does not have the leaf hash that its id names.`, {
      leaf: leafHex,
    });
  }
  const head = place.notary.read(proof.checkpoint);
  if (head.size !== proof.size || !equalBytes(head.root, proof.root)) {
    throw new LogDataError('root-mismatch', `${what} comes with a proof for another tree than its checkpoint is of.`, {
      received: head.note,
    });
  }
  proveIncluded(index, leafHash, head, proof.hashes, what);
  const key = signerOf(answer, place, what);
  const takenAt = answer.integratedTime * 1000;
  return {
    index,
    bytes: body,
    leafHash,
    head,
    hashes: proof.hashes,
    proof: async () => ({ head, size: head.size, hashes: proof.hashes }),
    // The log signed it, but with a key that was not trusted then: it proves no time.
    takenAt: isValidAt(key, takenAt) ? takenAt : undefined,
  };
}

function refuseOtherPlace(answer: EntryAnswer, index: number, place: TreePlace, what: string): void {
  const { treeHex, globalIndex, proof } = answer;
  if (treeHex !== place.treeHex) {
    throw new LogDataError(
      'entry-mismatch',
      `${what} was asked for, and an entry of tree ${BigInt(`0x${treeHex}`)} came.`,
    );
  }
  if (proof.index !== index || globalIndex !== place.indexOffset + index) {
    throw new LogDataError(
      'entry-mismatch',
      `${what} was asked for, and entry ${proof.index} with the global index ${globalIndex} came.`,
    );
  }
}

function proveIncluded(
  index: number,
  leafHash: Uint8Array,
  { size, root, note }: SignedCheckpoint,
  proof: readonly Uint8Array[],
  what: string,
): void {
  try {
    verifyInclusion({ index, size, leafHash, proof, root }, nodeSha256);
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    throw new LogDataError('entry-mismatch', `${what} is not where its proof says: ${error.message}.`, {
      received: note,
      leaf: toHex(leafHash),
      proof: proof.map(toHex).join('\n'),
    });
  }
}

/** The key that signed the entry's timestamp. Canonical JSON: these four fields, in this order, without white space. */
function signerOf(answer: EntryAnswer, { keys }: TreePlace, what: string): LogKey {
  const { bodyText, integratedTime, logId, globalIndex, timestamp } = answer;
  const text = `{"body":"${bodyText}","integratedTime":${integratedTime},"logID":"${logId}","logIndex":${globalIndex}}`;
  const signed = Buffer.from(text);
  const key = keys.find((candidate) => candidate.logId === logId && verifySafely(candidate.key, signed, timestamp));
  if (key) return key;
  throw new LogDataError('bad-timestamp', `${what} has a timestamp that the log did not sign.`, {
    signed: text.length > 65_536 ? `${text.slice(0, 65_536)}…` : text,
    timestamp: timestamp.toString('base64'),
  });
}
