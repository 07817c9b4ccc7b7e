import { createHash } from 'node:crypto';
import type { Db } from '#db/client.ts';
import type { HashList } from '#lib/hash-list/hash-list.ts';
import { countStates } from '#lib/hash-list/hold-against.ts';
import { type ListRoots, rootsOfList } from '#lib/hash-list/roots-of-list.ts';
import type { SignatureState } from '#lib/provenance/link-state.ts';
import type {
  AnswerVersion,
  Expectation,
  VerificationAnswer,
  VerificationOutcome,
} from '#lib/provenance/verification.ts';
import { answerSentence, expectationSentence } from '#lib/provenance/verification-words.ts';
import { asBlake3, isOfBlake3 } from './as-blake3.ts';
import { type Compared, compareWith } from './compare.ts';
import type { ResolvedExpectation } from './expectation.ts';
import { findByDigests, findByName, findByRoots } from './find-candidates.ts';
import { hintFor } from './hint.ts';
import { readNotices } from './read-notices.ts';
import { readVersionFacts } from './version-facts.ts';

const OTHERS = 10;

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

export interface Asked {
  readonly list: HashList;
  readonly expect: (Expectation & { readonly resolved: ResolvedExpectation }) | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What a list of hashes is by all that is known now. To be called in one transaction, so that it is of one moment. */
export function judgeHashList(db: Db, asked: Asked): VerificationAnswer {
  const search = searchVersions(db, asked.list);
  const { list, roots } = search;
  const chosen = choose(db, asked, search);
  const { closest, others } = chosen;
  const facts = closest ? readVersionFacts(db, closest.version) : { signings: [], chain: null, findings: [] };
  const outcome = closest ? outcomeOf(closest) : 'unknown';
  const expected = asked.expect && {
    model: asked.expect.model,
    version: asked.expect.version,
    isMet: closest?.closeness === 'same',
    sentence: expectationSentence(asked.expect, closest?.closeness === 'same', others[0] ?? null),
  };
  const sizes = list.files.map(({ size }) => size);
  const answer: Omit<VerificationAnswer, 'sentence'> = {
    outcome,
    at: asked.at,
    list: {
      form: list.form,
      name: list.name,
      hashType: list.hashType,
      shardSize: list.shardSize,
      files: list.files.length,
      bytes: sizes.includes(null) ? null : sizes.reduce((total: number, size) => total + (size ?? 0), 0),
      roots,
      remarks: list.remarks,
    },
    foundBy: chosen.foundBy,
    prefix: closest?.held?.prefix ?? '',
    version: closest ? asAnswerVersion(closest) : null,
    others: others.map(asAnswerVersion),
    counts: closest?.held?.counts ?? countStates([]),
    files: closest?.held?.files ?? [],
    ...facts,
    notices: readNotices(db, closest ? [closest, ...others] : others),
    expected,
    hint: hintFor(list, outcome, closest),
  };
  return { ...answer, sentence: answerSentence(answer) };
}

interface Search {
  readonly list: HashList;
  readonly roots: ListRoots | null;
  readonly foundBy: VerificationAnswer['foundBy'];
  readonly found: readonly Compared[];
}

function searchVersions(db: Db, list: HashList): Search {
  const roots = rootsOfList(list, sha256);
  const byRoots = roots && findByRoots(db, roots);
  if (byRoots) {
    const found = compareWith(db, list, byRoots.versionIds);
    if (found[0]?.closeness === 'same') return { list, roots, foundBy: byRoots.foundBy, found };
    if (isOfBlake3(list, found)) return searchVersions(db, asBlake3(list));
  }
  const versionIds = [...new Set([...findByDigests(db, list), ...(byRoots?.versionIds ?? [])])];
  const found = compareWith(db, list, versionIds);
  return isOfBlake3(list, found) ? searchVersions(db, asBlake3(list)) : { list, roots, foundBy: 'files', found };
}

interface Choice {
  readonly closest: Compared | null;
  readonly others: readonly Compared[];
  readonly foundBy: VerificationAnswer['foundBy'];
}

function choose(db: Db, { expect }: Asked, { list, foundBy, found }: Search): Choice {
  if (expect) {
    const { modelId, versionIds, newestVersionId } = expect.resolved;
    const meant = versionIds ?? ownVersions(found, modelId) ?? [newestVersionId];
    const [closest = null] = compareWith(db, list, meant);
    const isOther = ({ version }: Compared) => version.versionId !== closest?.version.versionId;
    return { closest, others: found.filter(isOther).slice(0, OTHERS), foundBy: 'expectation' };
  }
  const [closest, ...others] = found;
  if (closest) return { closest, others: others.slice(0, OTHERS), foundBy };
  const named = list.name === null ? [] : compareWith(db, list, findByName(db, list.name));
  const foreign = named.find(({ closeness }) => closeness === 'not-comparable') ?? null;
  return { closest: foreign, others: [], foundBy: null };
}

/** Any version of the model is meant: the closest of those that were found. */
function ownVersions(found: readonly Compared[], modelId: string): string[] | null {
  const own = found.filter(({ version }) => version.modelId === modelId).map(({ version }) => version.versionId);
  return own.length > 0 ? own : null;
}

const BY_SIGNATURE: Readonly<Record<SignatureState, VerificationOutcome>> = {
  verified: 'verified',
  unlogged: 'signed-not-logged',
  unexpected: 'unexpected-signer',
  unsigned: 'unsigned',
  unknown: 'unsigned',
};

function outcomeOf({ closeness, version }: Compared): VerificationOutcome {
  if (closeness === 'same') return BY_SIGNATURE[version.signature];
  return closeness === 'near' ? 'differs' : closeness;
}

function asAnswerVersion({ version, matching }: Compared): AnswerVersion {
  const { modelName, modelSlug, versionId, label, root, seenAs, signature, signatureReason, fileCount } = version;
  return { modelName, modelSlug, versionId, label, root, seenAs, signature, signatureReason, fileCount, matching };
}
