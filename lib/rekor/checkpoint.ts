import { openCheckpoint } from '#lib/tlog/checkpoint.ts';
import { TlogError } from '#lib/tlog/error.ts';
import { equalBytes } from '#lib/tlog/hash.ts';
import type { NoteVerifier } from '#lib/tlog/note.ts';
import { verifyConsistency } from '#lib/tlog/proof.ts';
import { LogDataError } from './log-data-error.ts';
import type { LogReader, LogView } from './log-reader.ts';
import { nodeSha256 } from './node-sha256.ts';
import type { WitnessState } from './witness-state.ts';

/** A checkpoint whose signature by the log's own key was verified. */
export interface SignedCheckpoint {
  readonly size: number;
  readonly root: Uint8Array;
  /** The signed note as received. */
  readonly note: string;
  readonly cosignatures: number;
  /** What the operator's witnesses say of it; undefined without a policy. */
  readonly witnesses?: WitnessState | undefined;
  /** Lines behind the root, signed by the log all the same. */
  readonly extensions: readonly string[];
  /** When the log signed it, in milliseconds since the epoch, where its heads say so (certificate logs). */
  readonly signedAt?: number;
}

/** A tree head that we hold: what a new checkpoint must be consistent with. */
export interface KnownHead {
  readonly size: number;
  readonly root: Uint8Array;
  /** The note that signed it, where there is one; a place in the middle of a catch-up has none of its own. */
  readonly note: string | null;
}

/** @throws {LogDataError} for a note that is malformed, of another origin, or not signed by the log. */
export function readCheckpoint(
  bytes: Uint8Array,
  log: { readonly origin: string; readonly verifiers: readonly NoteVerifier[] },
): SignedCheckpoint {
  try {
    const { checkpoint, cosignatures } = openCheckpoint(bytes, log);
    return {
      size: checkpoint.size,
      root: checkpoint.root,
      note: new TextDecoder('utf-8', { fatal: true }).decode(bytes),
      cosignatures: cosignatures.length,
      extensions: checkpoint.extensions,
    };
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    throw new LogDataError(codeFor(error), `The checkpoint of ${log.origin} is refused: ${error.message}.`, {
      received: Buffer.from(bytes.subarray(0, 4096)).toString('base64'),
    });
  }
}

/**
 * Proves that `view` continues `known` (RFC 6962 2.1.2).
 *
 * A proof whose hashes are bound to the root cannot fail but by the log's own contradiction. One that the server made can:
 * then the log's entries decide, by the compact range of the known size that they prove.
 *
 * @returns the proof.
 * @throws {LogDataError} `inconsistent`, with both notes and the proof: two statements of the log contradict each other.
 *   `bad-proof` where only the server's proof is at fault.
 */
export async function proveGrowth(
  view: LogView,
  checkpoint: SignedCheckpoint,
  known: KnownHead,
): Promise<Uint8Array[]> {
  const proof = known.size === 0 ? [] : await view.consistencyProof(known.size);
  try {
    verifyConsistency(
      { first: known.size, second: view.size, proof, firstRoot: known.root, secondRoot: view.root },
      nodeSha256,
    );
    return proof;
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    if (view.isProofBound) throw contradiction(known, checkpoint, proof);
    const range = await view.rangeOf(known.size);
    if (!equalBytes(range.root(), known.root)) throw contradiction(known, checkpoint, range.hashes);
    throw new LogDataError(
      'bad-proof',
      `The log's proof that size ${view.size} continues size ${known.size} does not hold, though its entries say that it does: ${error.message}.`,
      { held: known.note ?? '', received: checkpoint.note },
    );
  }
}

/**
 * What to make of a checkpoint that is not larger than the head we hold.
 * Same size and root: nothing new. Smaller but consistent: a stale answer. Anything else contradicts what was signed.
 */
export async function judgeNotLarger(reader: LogReader, checkpoint: SignedCheckpoint, known: KnownHead): Promise<void> {
  if (checkpoint.size === known.size) {
    if (equalBytes(checkpoint.root, known.root)) return;
    throw contradiction(known, checkpoint, []);
  }
  const proof = await smallerProof(reader, checkpoint, known);
  if (proof === 'contradicts') throw contradiction(known, checkpoint, []);
  throw new LogDataError(
    'smaller-tree',
    `The log answers with size ${checkpoint.size}, though it signed size ${known.size} before. ` +
      (proof === 'consistent'
        ? 'It is an older state of the same tree: a stale cache, or a restored server.'
        : 'Its tiles do not tell whether it is an older state of the same tree.'),
    { held: known.note ?? '', received: checkpoint.note },
  );
}

async function smallerProof(
  reader: LogReader,
  checkpoint: SignedCheckpoint,
  known: KnownHead,
): Promise<'consistent' | 'contradicts' | 'unknown'> {
  const view = await reader.open(known).catch(() => null);
  if (!view) return 'unknown';
  return proveGrowth(view, { ...checkpoint, ...known, note: known.note ?? '' }, { ...checkpoint }).then(
    () => 'consistent' as const,
    (error: unknown) => (error instanceof LogDataError && error.isMisbehaviour ? 'contradicts' : 'unknown'),
  );
}

function contradiction(known: KnownHead, checkpoint: SignedCheckpoint, proof: readonly Uint8Array[]): LogDataError {
  return new LogDataError(
    'inconsistent',
    `The log signed size ${checkpoint.size} with a root that does not continue the tree of size ${known.size} that we hold: ` +
      'it shows different trees to different readers, or has changed its past.',
    {
      held: known.note ?? `size ${known.size}\nroot ${Buffer.from(known.root).toString('base64')}\n`,
      received: checkpoint.note,
      proof: proof.map((hash) => Buffer.from(hash).toString('base64')).join('\n'),
    },
  );
}

function codeFor(error: TlogError): 'wrong-origin' | 'bad-signature' | 'malformed-note' {
  if (error.code === 'wrong-origin') return 'wrong-origin';
  return error.code === 'bad-signature' || error.code === 'unsigned' ? 'bad-signature' : 'malformed-note';
}
