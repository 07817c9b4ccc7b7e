import type { Checkpoint } from './checkpoint.ts';
import { quote, TlogError } from './error.ts';
import type {
  EntryEvidence,
  ForkEvidence,
  GrowthAfterFreezeEvidence,
  LogEvidence,
  ProvedEntry,
  SameSizeEvidence,
} from './evidence.ts';
import { EVIDENCE_CHECKS, type EvidenceCheck, EvidenceChecklist } from './evidence-checklist.ts';
import { EvidenceSigner, type TrustedLogKey } from './evidence-signer.ts';
import { FROZEN_LINE, frozenLine } from './frozen.ts';
import { equalBytes, hashLeaf, type Sha256 } from './hash.ts';
import { toHex } from './hex.ts';
import { rootsFromPrefixProof } from './prefix-proof.ts';
import type { SignaturePrimitives } from './primitives.ts';
import { verifyInclusion } from './proof.ts';

export interface EvidenceReport {
  readonly outcome: 'proves' | 'does-not-prove';
  /** What is proved, or that nothing is, in a sentence. */
  readonly statement: string;
  readonly checks: readonly EvidenceCheck[];
}

export interface EvidenceQuestion {
  /** The log's keys as the asker has them from elsewhere. Left out, the key in the file is only its claim. */
  readonly trustedKeys?: readonly TrustedLogKey[];
  readonly primitives?: SignaturePrimitives;
  readonly sha256?: Sha256;
}

/**
 * Whether the evidence proves that the holder of its key contradicted themselves. It rests on the evidence alone, on
 * SHA-256 having no collisions, and on nobody else having the key. Whatever hashes and notes of an honest log are put
 * together, they never prove anything; docs/evidence.md says why. Never throws.
 */
export function checkEvidence(evidence: LogEvidence, question: EvidenceQuestion = {}): EvidenceReport {
  const list = new EvidenceChecklist();
  const statement = list.complete(() => {
    const signer = EvidenceSigner.check(list, evidence, question);
    return checkKind(list, signer, evidence, question.sha256);
  });
  const checks = list.results(EVIDENCE_CHECKS[evidence.kind]);
  if (statement !== undefined) return { outcome: 'proves', statement, checks };
  return { outcome: 'does-not-prove', statement: 'This proves nothing against the log.', checks };
}

function checkKind(list: EvidenceChecklist, signer: EvidenceSigner, evidence: LogEvidence, sha256?: Sha256): string {
  switch (evidence.kind) {
    case 'fork':
      return checkFork(list, signer, evidence, sha256);
    case 'same-size':
      return checkSameSize(list, signer, evidence);
    case 'entry':
      return checkEntries(list, signer, evidence, sha256);
    case 'growth-after-freeze':
      return checkGrowthAfterFreeze(list, signer, evidence);
  }
}

function checkFork(list: EvidenceChecklist, signer: EvidenceSigner, evidence: ForkEvidence, sha256?: Sha256): string {
  const smaller = signer.open(list, 'smaller', evidence.smaller);
  const larger = signer.open(list, 'larger', evidence.larger);
  const [first, second] = [smaller.size, larger.size];
  list.run('sizes', () => {
    if (first > 0 && first < second) return { statement: `${first} entries are fewer than ${second}.`, value: null };
    throw new TlogError(
      'bad-evidence',
      `The sizes ${first} and ${second} are not those of a smaller and a larger tree`,
    );
  });
  const { prefix, suffix } = evidence;
  const found = list.run('hashes', () => {
    const roots = rootsFromPrefixProof({ first, second, prefix, suffix }, sha256);
    if (equalBytes(roots.secondRoot, larger.root)) {
      return { statement: `The hashes give the root that was signed for ${second} entries.`, value: roots.firstRoot };
    }
    const given = toHex(roots.secondRoot);
    throw new TlogError(
      'root-mismatch',
      `The hashes give ${given} for ${second} entries, which is not the signed root`,
    );
  });
  return list.run('contradiction', () => {
    if (equalBytes(found, smaller.root)) {
      throw new TlogError('bad-evidence', `The larger tree begins with the smaller one, as it should`);
    }
    const statement =
      `In the tree of ${second} entries the first ${first} have the root ${toHex(found)}, ` +
      `and the root ${toHex(smaller.root)} was signed for them.`;
    return { statement, value: `${signer.who} signed two trees of which the larger does not continue the smaller.` };
  });
}

function checkSameSize(list: EvidenceChecklist, signer: EvidenceSigner, evidence: SameSizeEvidence): string {
  const first = signer.open(list, 'first', evidence.first);
  const second = signer.open(list, 'second', evidence.second);
  list.run('sizes', () => {
    if (first.size === second.size) return { statement: `Both are of ${first.size} entries.`, value: null };
    throw new TlogError('bad-evidence', `The sizes ${first.size} and ${second.size} differ`);
  });
  return list.run('contradiction', () => {
    if (equalBytes(first.root, second.root)) throw new TlogError('bad-evidence', 'Both have the same root');
    const statement = `Their roots are ${toHex(first.root)} and ${toHex(second.root)}; a tree has one.`;
    return { statement, value: `${signer.who} signed two different trees of ${first.size} entries.` };
  });
}

function checkEntries(
  list: EvidenceChecklist,
  signer: EvidenceSigner,
  { index, first, second }: EntryEvidence,
  sha256?: Sha256,
): string {
  const leaves = (['first', 'second'] as const).map((name) => {
    const proved = name === 'first' ? first : second;
    const checkpoint = signer.open(list, name, proved.note);
    return list.run(`${name}-entry`, () => proveEntry(index, proved, checkpoint, sha256));
  });
  return list.run('contradiction', () => {
    const [one, other] = leaves;
    if (one === undefined || other === undefined || equalBytes(one, other)) {
      throw new TlogError('bad-evidence', `Both trees have the same entry ${index}`);
    }
    const statement = `The entry ${index} has the leaf hash ${toHex(one)} in the one tree, ${toHex(other)} in the other.`;
    return { statement, value: `${signer.who} signed two trees with different entries at index ${index}.` };
  });
}

function proveEntry(index: number, { entry, proof }: ProvedEntry, { size, root }: Checkpoint, sha256?: Sha256) {
  const leafHash = hashLeaf(entry, sha256);
  verifyInclusion({ index, size, leafHash, proof, root }, sha256);
  return { statement: `The entry of ${entry.length} bytes is number ${index} of the ${size}.`, value: leafHash };
}

function checkGrowthAfterFreeze(
  list: EvidenceChecklist,
  signer: EvidenceSigner,
  evidence: GrowthAfterFreezeEvidence,
): string {
  const frozen = signer.open(list, 'frozen', evidence.frozen);
  list.run('frozen-line', () => {
    const line = frozenLine(frozen);
    if (line !== undefined) return { statement: `It says ${quote(line)}.`, value: null };
    throw new TlogError('bad-evidence', `No line of it begins with ${quote(FROZEN_LINE)}`);
  });
  const larger = signer.open(list, 'larger', evidence.larger);
  return list.run('contradiction', () => {
    if (larger.size <= frozen.size) {
      throw new TlogError(
        'bad-evidence',
        `${larger.size} entries are no more than the ${frozen.size} it was frozen at`,
      );
    }
    const statement =
      `${larger.size} entries are more than the ${frozen.size} at which it was frozen. Notes carry no time: it went on ` +
      'afterwards, or was frozen at a size that it had left behind.';
    return { statement, value: `${signer.who} signed a tree that is larger than the one declared to be the last.` };
  });
}
