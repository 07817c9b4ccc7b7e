import { LogDataError } from '#lib/rekor/log-data-error.ts';
import type { LogReader, LogSigner, LogView } from '#lib/rekor/log-reader.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import {
  type AccusedLog,
  evidenceOfGrowthAfterFreeze,
  evidenceOfPrefix,
  evidenceOfTwoTrees,
} from '#lib/tlog/build-evidence.ts';
import { openCheckpoint } from '#lib/tlog/checkpoint.ts';
import { formatEvidence } from '#lib/tlog/evidence-file.ts';
import { isLogKey, type LogVerifier } from '#lib/tlog/key.ts';
import type { NoteVerifier } from '#lib/tlog/note.ts';
import { compactRangeFromInclusionProof, suffixFromInclusionProof } from '#lib/tlog/range-from-proof.ts';

/**
 * Adds to a proved contradiction the file that a third party can check without us (docs/evidence.md), while the trees that
 * it is made from can still be read: of the larger tree, its own hashes that give its root and another one for the smaller.
 *
 * @param readers where the larger tree may be had, best first: what the log serves now, our own mirror.
 * @returns the error itself where there are no two notes to compare, or nobody gives the hashes any more.
 */
export async function withEvidenceFile(
  ctx: Pick<ServiceContext, 'log'>,
  error: LogDataError,
  accused: LogSigner,
  readers: readonly LogReader[],
): Promise<LogDataError> {
  const { held, received } = error.evidence;
  if (!error.isMisbehaviour || held === undefined || received === undefined) return error;
  const log: AccusedLog = { origin: accused.origin, keys: accused.verifiers.filter(isKeyOfLog) };
  for (const reader of readers) {
    try {
      const file = Buffer.from(formatEvidence(await evidenceOf(log, held, received, reader))).toString();
      return new LogDataError(error.code, error.message, { ...error.evidence, file });
    } catch (failure) {
      ctx.log.warn({ origin: log.origin, err: failure }, 'no evidence file could be made of the contradiction here');
    }
  }
  return error;
}

async function evidenceOf(log: AccusedLog, held: string, received: string, reader: LogReader) {
  const heads = [held, received].map((note) => {
    const { checkpoint } = openCheckpoint(new TextEncoder().encode(note), {
      origin: log.origin,
      verifiers: log.keys,
    });
    return checkpoint;
  });
  const [one, other] = heads;
  if (!one || !other) throw new Error('there are not two notes');
  const isGrown = one.size < other.size;
  const [smaller, larger] = isGrown ? [one, other] : [other, one];
  const notes = isGrown ? { smaller: held, larger: received } : { smaller: received, larger: held };
  const compare = async () => {
    const view = one.size === other.size ? null : await reader.open(larger);
    if (view && !view.subtree) return evidenceByEntry(log, notes, smaller.size, view);
    return evidenceOfTwoTrees(log, [held, received], (level, index) => view?.subtree?.(level, index) ?? noHash());
  };
  return compare().catch((failure: unknown) => {
    // Where the trees do not contradict each other, the log still may have gone on after its end.
    try {
      return evidenceOfGrowthAfterFreeze(log, { frozen: notes.smaller, larger: notes.larger });
    } catch {
      throw failure;
    }
  });
}

/**
 * Of a log that serves no hashes of subtrees (Rekor v1): the proof of the last entry that the smaller tree has, in the larger,
 * has all nodes before it and behind it. The server may prove it in a tree that is larger still, which it signed too.
 */
async function evidenceByEntry(
  log: AccusedLog,
  notes: { readonly smaller: string; readonly larger: string },
  first: number,
  view: LogView,
) {
  const entry = await view.entry(first - 1);
  const { head, size, hashes } = await entry.proof();
  const proof = { index: entry.index, size, leafHash: entry.leafHash, proof: hashes, root: head?.root ?? view.root };
  return evidenceOfPrefix(
    log,
    { smaller: notes.smaller, larger: head?.note ?? notes.larger },
    { prefix: compactRangeFromInclusionProof(proof, nodeSha256).hashes, suffix: suffixFromInclusionProof(proof) },
  );
}

function noHash(): never {
  throw new Error('the log gives no hashes of subtrees');
}

function isKeyOfLog(verifier: NoteVerifier): verifier is LogVerifier {
  return 'kind' in verifier && isLogKey(verifier as LogVerifier);
}
