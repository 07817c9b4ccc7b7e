import { checkEvidence } from './check-evidence.ts';
import { openCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { quote, TlogError } from './error.ts';
import {
  type EntryEvidence,
  type ForkEvidence,
  type GrowthAfterFreezeEvidence,
  type LogEvidence,
  MAX_EVIDENCE_ENTRY_BYTES,
  type ProvedEntry,
  type SameSizeEvidence,
} from './evidence.ts';
import { formatVerifierKey, type LogVerifier } from './key.ts';
import { formatNote, parseNote } from './note.ts';
import { prefixRanges, suffixRanges } from './prefix-proof.ts';
import { completeSubtrees, foldSubtrees, type LeafRange } from './proof.ts';

/** Whom the evidence is against. */
export interface AccusedLog {
  readonly origin: string;
  /** The log's own keys; evidence needs one that signed both notes. */
  readonly keys: readonly LogVerifier[];
}

/** The hash of a complete subtree of the larger tree, bound to its root, as `AuthenticatedTree.subtree` gives it. */
export type SubtreeReader = (level: number, index: number) => Promise<Uint8Array>;

/**
 * All of these take signed notes as they were received, keep of them the line of the log's key, and give evidence that
 * `checkEvidence` found to prove what it says. They throw `bad-evidence` where it does not, as when the notes do not
 * contradict each other, and `bad-note`, `bad-checkpoint` or `bad-key` for what cannot be used.
 */
export async function evidenceOfFork(
  log: AccusedLog,
  notes: { readonly smaller: string; readonly larger: string },
  subtree: SubtreeReader,
): Promise<ForkEvidence> {
  const [first, second] = [sizeOf(notes.smaller), sizeOf(notes.larger)];
  if (!(first > 0 && first < second)) {
    throw new TlogError(
      'bad-evidence',
      `The sizes ${first} and ${second} are not those of a smaller and a larger tree`,
    );
  }
  const read = (ranges: readonly LeafRange[]) => Promise.all(ranges.map((range) => hashOf(range, subtree)));
  const [prefix, suffix] = await Promise.all([read(prefixRanges(first)), read(suffixRanges(first, second))]);
  return evidenceOfPrefix(log, notes, { prefix, suffix });
}

/** The same from the hashes themselves, of `prefixRanges` and `suffixRanges`, as an inclusion proof gives them. */
export function evidenceOfPrefix(
  log: AccusedLog,
  notes: { readonly smaller: string; readonly larger: string },
  { prefix, suffix }: Pick<ForkEvidence, 'prefix' | 'suffix'>,
): ForkEvidence {
  const signed = signedBy(log, [notes.smaller, notes.larger]);
  const [smaller = '', larger = ''] = signed.notes;
  return proving({ kind: 'fork', ...signed.by, smaller, larger, prefix, suffix }, signed.key);
}

/**
 * Evidence of two trees that contradict each other, in whatever order they came.
 *
 * @param subtree of the larger; not asked where both have one size.
 */
export async function evidenceOfTwoTrees(
  log: AccusedLog,
  [one, other]: readonly [string, string],
  subtree: SubtreeReader,
): Promise<ForkEvidence | SameSizeEvidence> {
  const difference = sizeOf(one) - sizeOf(other);
  if (difference === 0) return evidenceOfSameSize(log, [one, other]);
  const notes = difference < 0 ? { smaller: one, larger: other } : { smaller: other, larger: one };
  return evidenceOfFork(log, notes, subtree);
}

/** Evidence of two roots for one size. */
export function evidenceOfSameSize(log: AccusedLog, notes: readonly [string, string]): SameSizeEvidence {
  const signed = signedBy(log, notes);
  const [first = '', second = ''] = signed.notes;
  return proving({ kind: 'same-size', ...signed.by, first, second }, signed.key);
}

/** Evidence of two entries at one index, each with its inclusion proof in the tree of its note. */
export function evidenceOfEntry(
  log: AccusedLog,
  index: number,
  [one, other]: readonly [ProvedEntry, ProvedEntry],
): EntryEvidence {
  for (const { entry } of [one, other]) {
    if (entry.length <= MAX_EVIDENCE_ENTRY_BYTES) continue;
    throw new TlogError('bad-evidence', `An entry of ${entry.length} bytes is too long for an evidence file`);
  }
  const signed = signedBy(log, [one.note, other.note]);
  const [firstNote = '', secondNote = ''] = signed.notes;
  const [first, second] = [
    { ...one, note: firstNote },
    { ...other, note: secondNote },
  ];
  return proving({ kind: 'entry', ...signed.by, index, first, second }, signed.key);
}

/** Evidence of a tree that is larger than the one declared to be the log's last. */
export function evidenceOfGrowthAfterFreeze(
  log: AccusedLog,
  notes: { readonly frozen: string; readonly larger: string },
): GrowthAfterFreezeEvidence {
  const signed = signedBy(log, [notes.frozen, notes.larger]);
  const [frozen = '', larger = ''] = signed.notes;
  return proving({ kind: 'growth-after-freeze', ...signed.by, frozen, larger }, signed.key);
}

/** The notes with the line of one key that signed them all. */
function signedBy({ origin, keys }: AccusedLog, notes: readonly string[]) {
  for (const key of keys) {
    const alone = notes.map((note) => onlySignedBy(note, origin, key));
    const kept = alone.filter((note) => note !== undefined);
    if (kept.length === notes.length) return { key, by: { origin, key: formatVerifierKey(key) }, notes: kept };
  }
  throw new TlogError('bad-evidence', `No key of ${quote(origin)} signed both notes`);
}

/** Lines of others say nothing of the log, and nobody could tell whether they were changed. */
function onlySignedBy(note: string, origin: string, key: LogVerifier): string | undefined {
  const bytes = new TextEncoder().encode(note);
  try {
    const { verified, text } = openCheckpoint(bytes, { origin, verifiers: [key] }).note;
    const signatures = verified.map(({ signature }) => signature);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(formatNote(text, signatures));
  } catch (error) {
    if (error instanceof TlogError && error.code === 'unsigned') return undefined;
    throw error;
  }
}

function sizeOf(note: string): number {
  return parseCheckpoint(parseNote(new TextEncoder().encode(note)).text).size;
}

async function hashOf({ start, end }: LeafRange, subtree: SubtreeReader): Promise<Uint8Array> {
  return foldSubtrees(await Promise.all(completeSubtrees(start, end).map(({ level, index }) => subtree(level, index))));
}

function proving<E extends LogEvidence>(evidence: E, key: LogVerifier): E {
  const trustedKeys = [{ publicKey: key.publicKey, names: [key.name] }];
  const failed = checkEvidence(evidence, { trustedKeys }).checks.find(({ outcome }) => outcome === 'failed');
  if (failed === undefined) return evidence;
  throw new TlogError('bad-evidence', `These are no evidence. ${failed.statement.replace(/\.$/, '')}`);
}
