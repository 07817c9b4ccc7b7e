import { LogDataError } from '#lib/rekor/log-data-error.ts';
import type { LogReader, LogSigner } from '#lib/rekor/log-reader.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { type AccusedLog, evidenceOfGrowthAfterFreeze, evidenceOfTwoTrees } from '#lib/tlog/build-evidence.ts';
import { openCheckpoint } from '#lib/tlog/checkpoint.ts';
import { formatEvidence } from '#lib/tlog/evidence-file.ts';
import { isLogKey, type LogVerifier } from '#lib/tlog/key.ts';
import type { NoteVerifier } from '#lib/tlog/note.ts';

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
  const larger = one.size > other.size ? one : other;
  const subtree = async (level: number, index: number) => {
    const view = await reader.open(larger);
    if (!view.subtree) throw new Error('the log gives no hashes of subtrees');
    return view.subtree(level, index);
  };
  return evidenceOfTwoTrees(log, [held, received], subtree).catch((failure: unknown) => {
    // Where the trees do not contradict each other, the log still may have gone on after its end.
    const [frozen, grown] = one.size < other.size ? [held, received] : [received, held];
    try {
      return evidenceOfGrowthAfterFreeze(log, { frozen, larger: grown });
    } catch {
      throw failure;
    }
  });
}

function isKeyOfLog(verifier: NoteVerifier): verifier is LogVerifier {
  return 'kind' in verifier && isLogKey(verifier as LogVerifier);
}
