import type { StatedInput } from '#lib/attestation/facts.ts';
import { formatPlural, formatUtc } from '../format.ts';
import { describeSigner } from '../signer.ts';
import { basesOf, datasetsOf } from './level-1.ts';
import { type CheckRule, met, notKnown, notMet, ofStatement, quoted } from './level-check.ts';

/** Clocks of builders may be that wrong. */
const SKEW = 600_000;
const HASHES: ReadonlySet<string> = new Set(['sha256', 'sha384', 'sha512', 'blake2b', 'blake3']);
const PLACES = { folder: 'a model repository', oci: 'an OCI registry', github: 'a repository’s attestations' } as const;

/** Level 2, second half: what it names is pinned, and somebody looks at it. */
export const LEVEL_2_CONTENT: readonly CheckRule[] = [
  {
    id: '2.8',
    title: 'The code is pinned to a commit',
    reads: 'Statement: resolvedDependencies (git+…).digest.gitCommit',
    mend: 'Give the full commit of the training code, not a branch or tag.',
    judge: ofStatement(({ facts: { commit } }) =>
      commit ? met(`Commit ${quoted(commit.value)}.`) : notMet('It names no commit.'),
    ),
  },
  {
    id: '2.9',
    title: 'Every data set is pinned by a digest',
    reads: 'Statement: digest of every training-dataset',
    mend: 'Hash each data set (`modeltrail hash`), and state its OMS root or digest.',
    judge: ofStatement(({ facts }) => {
      const data = datasetsOf(facts);
      const loose = data.filter((input) => !isHashed(input)).length;
      if (data.length === 0) return notMet('It names no data set.');
      return loose > 0
        ? notMet(`${formatPlural(loose, 'data set')} without a digest.`)
        : met(`${formatPlural(data.length, 'data set')}, each with its digest.`);
    }),
  },
  {
    id: '2.10',
    title: 'The base model is pinned by a digest',
    reads: 'Statement: digest of every base-model',
    mend: 'State the digest or commit of the base model. “main” and “latest” are no version.',
    judge: ofStatement(({ facts }) => {
      const bases = basesOf(facts);
      if (bases.length === 0) {
        return facts.statesNoBase ? met('It says that there is none.') : notMet('It says nothing of a base model.');
      }
      const loose = bases.filter((input) => !isPinned(input)).length;
      return loose > 0
        ? notMet(`${formatPlural(loose, 'base model')} without a digest.`)
        : met(`${formatPlural(bases.length, 'base model')}, each with its digest.`);
    }),
  },
  {
    id: '2.11',
    title: 'The files themselves are signed, as the provenance names them',
    reads: 'Signature: OMS root of the model signature, against the statement’s subject',
    mend: 'Sign the files too (`modeltrail sign`), and give the same OMS root as subject of the provenance.',
    judge: ofStatement(({ namesRoot }, { version: { signatures, expectation } }) => {
      const counting = signatures.find(({ isExpected }) => isExpected);
      if (!counting) return notMet('No expected signer has signed the files.');
      if (!namesRoot) return notMet('The subject of the provenance is not the root that is signed.');
      const who = quoted(describeSigner(counting.signer));
      return expectation === null
        ? notKnown(`Signed by ${who}; the configuration expects nobody in particular.`)
        : met(`${who} signed the same root.`);
    }),
  },
  {
    id: '2.12',
    title: 'Its times are possible',
    reads: 'Statement: startedOn, finishedOn, against the time of log or timestamp authority',
    mend: 'State when the run began and ended, from a clock that is right.',
    judge: ofStatement(({ facts: { startedAt, finishedAt }, signature }) => {
      if (!startedAt || !finishedAt) return notMet('It does not say when the run began and ended.');
      if (!signature || signature.signedAt === null) return notKnown('Nothing proves when it was signed.');
      if (startedAt.time > finishedAt.time) return notMet('The run ended before it began.');
      if (finishedAt.time > signature.signedAt + SKEW) return notMet('The run ended after its provenance was signed.');
      return met(`Ended ${formatUtc(finishedAt.time)}, signed ${formatUtc(signature.signedAt)}.`);
    }),
  },
  {
    id: '2.13',
    title: 'It is published where the model is',
    reads: 'Sources: model repositories, OCI registries and GitHub attestations in which it was found',
    mend: 'Put the bundle beside the model, and add that place under `sources`.',
    judge: ofStatement(({ foundWith }) =>
      foundWith.length > 0
        ? met(`Found in ${foundWith.map((place) => PLACES[place]).join(' and ')}.`)
        : notKnown('It was handed in or lay in a directory of bundles; no source found it beside a model.'),
    ),
  },
  {
    id: '2.14',
    title: 'The files are checked before they are deployed',
    reads: 'Receipts: lists of hashes handed in by programs and found good; deployments registered here',
    mend: 'Verify before you deploy: `modeltrail verify --server`, `modeltrail run` or POST /api/v1/verifications.',
    judge: ({ version: { checked } }) => {
      if (!checked) return notKnown('No program has had these files verified here.');
      return checked.deployedBefore
        ? notMet(`First verified ${formatUtc(checked.firstAt)}, when it was deployed already.`)
        : met(`First verified by a program ${formatUtc(checked.firstAt)}.`);
    },
  },
];

export function isHashed({ digests }: StatedInput): boolean {
  return digests.some(({ algorithm }) => HASHES.has(algorithm));
}

/** By a digest of its content, or the commit that it is in a repository. */
export function isPinned(input: StatedInput): boolean {
  return isHashed(input) || input.digests.some(({ algorithm }) => algorithm === 'gitCommit');
}
