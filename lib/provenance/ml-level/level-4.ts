import { repositoryOf } from '#lib/attestation/source-code.ts';
import { formatPlural } from '../format.ts';
import { describeSigner, isSameSigner } from '../signer.ts';
import { extensionText, FULCIO, isExtension } from './certificate-match.ts';
import { isPinned } from './level-2-content.ts';
import { builderOf } from './level-3.ts';
import { type CheckFinding, type CheckRule, met, notKnown, notMet, ofStatement, quoted } from './level-check.ts';
import type { LevelFacts, StatementEvidence } from './level-facts.ts';
import { trustedReviews } from './slsa-source.ts';
import { asserted, externalParameters, externalValues } from './stated-build.ts';

/** Reviewed by two: what SLSA's source track calls it. */
const REVIEWED: ReadonlySet<string> = new Set(['SLSA_SOURCE_LEVEL_4', 'SLSA_SOURCE_TWO_PARTY_REVIEWED']);
/** External parameters that only say which source is built, and where it begins. */
const SOURCE_KEYS: ReadonlySet<string> = new Set([
  'source',
  'workflow',
  'repository',
  'ref',
  'path',
  'entryPoint',
  'entry_point',
]);
/** Members of `source` and `workflow` that say the same. */
const SOURCE_MEMBERS =
  /^(?:source|workflow)(?:\.(?:repository|uri|ref|path|entryPoint|entry_point|digest\.\w{1,32}))?$/;

/** Level 4: reviewed, hermetic, from pinned inputs. That a second run gives the same bytes is not asked (decision 0021). */
export const LEVEL_4: readonly CheckRule[] = [
  {
    id: '4.1',
    title: 'Two people reviewed code and configuration',
    reads:
      'Source VSA about the commit: PASSED, resourceUri, verifiedLevels, by a verifier under `builders.source-verifiers`',
    mend: 'Have your source platform issue a source VSA for the commit, hand it in, and list its verifier.',
    judge: ofStatement((statement, { trust }) => {
      const reviews = trustedReviews(statement, trust);
      if (statement.facts.commit === null) return notMet('It names no commit that could be reviewed.');
      if (reviews.length === 0) return notKnown('No summary about the commit by a verifier that is believed.');
      return reviews.some(({ levels }) => levels.some((level) => REVIEWED.has(level)))
        ? met('A believed verifier says that two people reviewed the commit.')
        : notMet('A believed verifier knows the commit, and says nothing of a review by two.');
    }),
  },
  {
    id: '4.2',
    title: 'The configuration of the run comes from that commit',
    reads: 'Certificate: extensions 1.18 and 1.19, against the statement’s commit and repository',
    mend: 'Keep the pipeline’s configuration in the repository of the training code.',
    judge: ofStatement(({ signature, facts: { commit, repository } }) => {
      const certificate = signature?.certificate ?? null;
      const config = extensionText(certificate, FULCIO.buildConfigUri);
      if (config === null) return notKnown('No certificate names the configuration of the run.');
      if (!commit || !repository) return notMet('The statement names no commit or no repository.');
      const isInside = config.toLowerCase().startsWith(`${repositoryOf(repository.value).toLowerCase()}/`);
      return isInside && isExtension(certificate, FULCIO.buildConfigDigest, commit.value)
        ? met(`${quoted(config)} at the same commit.`)
        : notMet(`The run was configured by ${quoted(config)}, at another commit or in another repository.`);
    }),
  },
  {
    id: '4.3',
    title: 'Every input is pinned, and the builder says that these are all',
    reads:
      'Statement: digest of every resolvedDependencies entry; _dependenciesComplete, or completeness.materials of v0.2',
    mend: 'Pin every input, and have the builder assert that the list is complete.',
    judge: ofStatement(allPinned),
  },
  {
    id: '4.4',
    title: 'The run had no network',
    reads: 'Statement: field of an extension _networkEgress, by an accepted builder',
    mend: 'Cut the run off from the network, and have the builder assert `none`.',
    judge: ofStatement((statement, facts) => {
      if (!builderOf(statement, facts))
        return notKnown('It is an unknown builder: its word on this counts for nothing.');
      const values = asserted(statement.facts, 'networkEgress');
      if (values.length === 0) return notKnown('The builder asserts nothing of it.');
      return values.every((value) => value === 'none')
        ? met('None: the builder’s word, which nothing here can prove.')
        : notMet(`The builder asserts ${quoted(values.join(', '))}.`);
    }),
  },
  {
    id: '4.5',
    title: 'Nothing but the source decides what is built',
    reads: 'Statement: externalParameters are source, ref and entry point alone (or `base_model: none`)',
    mend: 'Keep hyperparameters in a file of the repository, and name it as training-config with its digest.',
    judge: ofStatement(({ facts }) => {
      const keys = externalParameters(facts);
      if (!keys) return notKnown('It has more parameters than are read.');
      const inside = externalValues(facts, ['source', 'workflow']).filter(({ label }) => !SOURCE_MEMBERS.test(label));
      const others = [...keys].filter((key) => !SOURCE_KEYS.has(key) && !(key === 'base_model' && facts.statesNoBase));
      const all = [...others, ...inside.map(({ label }) => label)];
      return all.length === 0
        ? met('Only source, ref and entry point were given.')
        : notMet(`Given besides: ${all.slice(0, 5).map(quoted).join(', ')}.`);
    }),
  },
  {
    id: '4.6',
    title: 'It says how far the training is deterministic',
    reads: 'Statement: seeds and deterministic flags, or reproducible: false with a justification',
    mend: 'State seeds and deterministic flags; or that the run is not reproducible, and why.',
    judge: ofStatement(({ facts: { parameters, environment } }) => {
      const rows = [...parameters, ...environment];
      const has = (name: RegExp, value?: string) =>
        rows.some(
          (row) => name.test(row.label) && row.value.trim() !== '' && (value === undefined || row.value === value),
        );
      if (has(/(?:^|[._-])seeds?(?:$|[._[-])/i) && has(/deterministic/i, 'true'))
        return met('Seeds and deterministic flags are stated.');
      const isOpen = has(/(?:^|[._-])reproducible$/i, 'false');
      if (isOpen && has(/justification/i)) return met('Stated not to be reproducible, with the reason.');
      return notMet(
        isOpen
          ? 'Stated not to be reproducible, without a reason.'
          : 'Seeds and deterministic flags are not both stated.',
      );
    }),
  },
  {
    id: '4.7',
    title: 'Somebody else evaluated it',
    reads: 'Test result or evaluation about the files: signer, result, digest of the harness',
    mend: 'Have another identity evaluate the model, name it under `models[].attesters`, and hand its results in.',
    judge: ({ statement, version: { evaluations, signatures } }) => {
      const makers = [
        ...signatures.map(({ signer }) => signer),
        ...(statement?.signature ? [statement.signature.signer] : []),
      ];
      const others = evaluations.filter(({ signer }) => !makers.some((maker) => isSameSigner(maker, signer)));
      if (others.length === 0) return notKnown('No results by somebody else whose word counts.');
      const good = others.find(({ isPassed, hasHarness }) => isPassed && hasHarness);
      if (good) return met(`${quoted(describeSigner(good.signer))} states results, with the digest of the harness.`);
      return notMet(
        others.some(({ isPassed }) => isPassed) ? 'The harness is not named by digest.' : 'The results are not good.',
      );
    },
  },
  {
    id: '4.8',
    title: 'Everything upstream is verified, and every model there reaches level 2',
    reads: 'Graph: the weakest link upstream; the levels of the models there',
    mend: 'Bring the models that this one is made from to level 2 first.',
    judge: ofStatement(({ facts }, { version: { weakest, upstream } }) => {
      if (weakest === null && facts.inputs.length > 0) return notKnown('The chain has not been judged.');
      if (weakest !== 'verified') return notMet(`The weakest link upstream is ${quoted(weakest ?? 'none')}.`);
      if (upstream === null) return notKnown('Worked out once level 3 is reached.');
      const low = upstream.filter(({ level }) => level < 2);
      return low.length === 0
        ? met(`Every link is verified; ${formatPlural(upstream.length, 'model')} upstream.`)
        : notMet(
            `Below level 2: ${low
              .slice(0, 3)
              .map(({ name }) => quoted(name))
              .join(', ')}.`,
          );
    }),
  },
];

function allPinned(statement: StatementEvidence, facts: LevelFacts): CheckFinding {
  const { inputs, environment, format } = statement.facts;
  if (inputs.length === 0) return notMet('It names no inputs.');
  const loose = inputs.filter((input) => !isPinned(input)).length;
  if (loose > 0) return notMet(`${formatPlural(loose, 'input')} without a digest.`);
  if (!builderOf(statement, facts))
    return notKnown('It is an unknown builder: its word that these are all counts for nothing.');
  const said = format.startsWith('v1')
    ? asserted(statement.facts, 'dependenciesComplete')
    : environment.flatMap(({ label, value }) => (label === 'completeness.materials' ? [value] : []));
  if (said.length === 0) return notKnown('The builder does not say that these are all.');
  return said.every((value) => value === 'true')
    ? met(`${formatPlural(inputs.length, 'input')}, all pinned; that these are all is the builder’s word.`)
    : notMet('The builder says that these are not all.');
}
