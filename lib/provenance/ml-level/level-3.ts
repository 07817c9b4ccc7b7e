import type { StatedInput } from '#lib/attestation/facts.ts';
import { formatPlural } from '../format.ts';
import type { VersionLink } from '../nine-fields.ts';
import { extensionText, FULCIO, isExtension } from './certificate-match.ts';
import { BASE_ROLES } from './level-1.ts';
import { isHashed } from './level-2-content.ts';
import { type CheckFinding, type CheckRule, met, notKnown, notMet, ofStatement, quoted } from './level-check.ts';
import type { LevelFacts, StatementEvidence } from './level-facts.ts';
import { asserted, byproducts, externalParameters } from './stated-build.ts';
import { findBuilder, type TrustedBuilder } from './trust-table.ts';

const HOSTED: ReadonlySet<string> = new Set(['github-hosted', 'gitlab-hosted']);
/** Names of rows that say what ran: their last part, whatever stands before it. */
const ENVIRONMENT: readonly (readonly [string, RegExp])[] = [
  ['GPU', /(?:^|[._-])(?:gpus?|accelerators?|tpus?)(?:$|[._[-])/i],
  ['driver', /(?:^|[._-])(?:drivers?|cuda|rocm)(?:$|[._-])/i],
  ['framework', /(?:^|[._-])(?:frameworks?|torch|pytorch|tensorflow|jax)(?:$|[._-])/i],
];
const LOGS = /log|metric|checkpoint|event/i;

/** Level 3: the pipeline is hardened, so that even its own builds cannot forge provenance. */
export const LEVEL_3: readonly CheckRule[] = [
  {
    id: '3.1',
    title: 'Builds cannot forge it: the accepted workflow made it, at an accepted commit',
    reads: 'Configuration: level 3 under `builders.trusted`; certificate: extensions 1.9 and 1.10',
    mend: 'Have provenance made by a reusable workflow, and accept that workflow with its commits at level 3.',
    judge: ofStatement((statement, facts) => {
      const row = builderOf(statement, facts);
      if (!row) return notKnown('It is an unknown builder.');
      if (row.level < 3 || !row.workflow)
        return notMet(`${quoted(row.name)} is accepted up to level ${row.level} only.`);
      return isOfWorkflow(statement, row)
        ? met(`Made by ${quoted(row.workflow.uri)} at an accepted commit.`)
        : notMet('The certificate names another workflow or commit than those that are accepted.');
    }),
  },
  {
    id: '3.2',
    title: 'It ran on hosted machines that are made anew for each run',
    reads: 'Certificate: extension 1.11 (runner environment), or `hosted` under `builders.trusted`',
    mend: 'Train on hosted runners, or say under `builders.trusted` that the platform is hosted, once you know it.',
    judge: ofStatement((statement, facts) => {
      const row = builderOf(statement, facts);
      if (!row) return notKnown('It is an unknown builder.');
      const runner = extensionText(statement.signature?.certificate ?? null, FULCIO.runnerEnvironment);
      if (runner !== null && HOSTED.has(runner)) return met(`The certificate says ${quoted(runner)}.`);
      if (row.hosted) return met(`The configuration says so of ${quoted(row.name)}.`);
      return runner === null
        ? notKnown('Nothing says where it ran.')
        : notMet(`The certificate says ${quoted(runner)}.`);
    }),
  },
  {
    id: '3.3',
    title: 'Every parameter of the build is one that is known',
    reads: 'Statement: keys of externalParameters, against `builders.trusted[].parameters`',
    mend: 'List under `builders.trusted` the parameters that the build type takes, and look into the others.',
    judge: ofStatement((statement, facts) => {
      const row = builderOf(statement, facts);
      const keys = externalParameters(statement.facts);
      if (!row) return notKnown('It is an unknown builder.');
      if (row.parameters === null) return notKnown(`Nobody listed what ${quoted(row.name)} takes.`);
      if (!keys) return notKnown('It has more parameters than are read.');
      const unknown = [...keys].filter((key) => !row.parameters?.includes(key));
      return unknown.length === 0
        ? met(`${formatPlural(keys.size, 'parameter')}, all known.`)
        : notMet(`Not known: ${unknown.slice(0, 5).map(quoted).join(', ')}.`);
    }),
  },
  {
    id: '3.4',
    title: 'The training environment is recorded, and its image pinned',
    reads: 'Statement: internalParameters (GPU, driver, framework), digest of the training image',
    mend: 'State GPU, driver and framework versions, and name the image by its digest.',
    judge: ofStatement(({ facts }) => {
      const labels = facts.environment.filter(({ value }) => value.trim() !== '').map(({ label }) => label);
      const missing = ENVIRONMENT.filter(([, name]) => !labels.some((label) => name.test(label))).map(([what]) => what);
      const images = facts.inputs.filter(({ role }) => role === 'environment');
      if (images.length === 0 || !images.every(isHashed)) missing.push('digest of the image');
      return missing.length === 0
        ? met('GPU, driver, framework and the digest of the image are stated.')
        : notMet(`Not stated: ${missing.join(', ')}.`);
    }),
  },
  {
    id: '3.5',
    title: 'The builder asserts that the run was isolated',
    reads: 'Statement: fields of extensions _gpuExclusive, _networkEgress, _interactiveAccess, by an accepted builder',
    mend: 'Have the builder assert these three, and enforce them: nothing outside can prove them.',
    judge: ofStatement((statement, facts) => isolation(statement, facts)),
  },
  {
    id: '3.6',
    title: 'The log of the training run is fixed by a digest',
    reads: 'Statement: runDetails.byproducts[].digest',
    mend: 'Keep a training log (`modeltrail trainlog`), and name it among the byproducts.',
    judge: ofStatement(({ facts }) => {
      const [log] = facts.trainingLogs ?? [];
      if (log) return met(`A training log of ${formatPlural(log.size, 'line')}, by its root.`);
      const other = byproducts(facts).find(({ name, digest }) => digest !== null && LOGS.test(name));
      return other ? met(`The byproduct ${quoted(other.name)} by its digest.`) : notMet('It names no log by digest.');
    }),
  },
  {
    id: '3.7',
    title: 'Every data set is signed by who should sign it',
    reads: 'Graph: state of every link to a data set',
    mend: 'Have each data set signed by its maker, and hand the signatures in.',
    judge: ofStatement(({ links, facts }) =>
      linksVerified(
        links.filter(({ role }) => role === 'dataset'),
        facts.inputs.filter(({ role }) => role === 'dataset'),
        'data set',
      ),
    ),
  },
  {
    id: '3.8',
    title: 'The link to the base model is verified',
    reads: 'Graph: state of every link to a base model',
    mend: 'Build on a base model that is itself signed and logged, and name it by digest.',
    judge: ofStatement(({ links, facts }) => {
      const bases = facts.inputs.filter(({ role }) => BASE_ROLES.has(role));
      if (bases.length === 0 && facts.statesNoBase) return met('It says that there is none.');
      return linksVerified(
        links.filter(({ role }) => BASE_ROLES.has(role)),
        bases,
        'base model',
      );
    }),
  },
];

export function builderOf({ signature, facts }: StatementEvidence, { trust }: LevelFacts): TrustedBuilder | null {
  return findBuilder(trust, signature?.certificate ?? null, facts.builder?.value ?? null);
}

/** Whether the certificate is that of the accepted reusable workflow, at an accepted commit. */
export function isOfWorkflow({ signature }: StatementEvidence, { workflow }: TrustedBuilder): boolean {
  const certificate = signature?.certificate ?? null;
  if (!workflow || !isExtension(certificate, FULCIO.buildSignerUri, workflow.uri)) return false;
  return workflow.commits.some((commit) => isExtension(certificate, FULCIO.buildSignerDigest, commit));
}

function isolation(statement: StatementEvidence, facts: LevelFacts): CheckFinding {
  if (!builderOf(statement, facts)) return notKnown('It is an unknown builder: its word on this counts for nothing.');
  const wanted: readonly [string, readonly string[]][] = [
    ['gpuExclusive', ['true']],
    ['networkEgress', ['none', 'allowlist']],
    ['interactiveAccess', ['false']],
  ];
  const said = wanted.map(([name, good]) => ({ name, good, values: asserted(statement.facts, name) }));
  const bad = said.filter(({ good, values }) => values.some((value) => !good.includes(value)));
  if (bad.length > 0)
    return notMet(
      `Asserted otherwise: ${bad.map(({ name, values }) => `${name} ${quoted(values.join(', '))}`).join(', ')}.`,
    );
  const silent = said.filter(({ values }) => values.length === 0);
  if (silent.length > 0) return notKnown(`Nothing is asserted of ${silent.map(({ name }) => name).join(', ')}.`);
  return met('GPU for itself, no free network, nobody logged in: the builder’s word, which nothing here can prove.');
}

function linksVerified(links: readonly VersionLink[], stated: readonly StatedInput[], what: string): CheckFinding {
  if (stated.length === 0) return notMet(`It names no ${what}.`);
  // Each input has its link; one that is missing was not judged yet.
  if (links.length < stated.length) return notKnown(`Not every link to a ${what} has been judged.`);
  const bad = links.find(({ state }) => state === 'conflict' || state === 'parent-unsigned' || state === 'declared');
  if (bad) return notMet(bad.reason);
  const open = links.find(({ state }) => state !== 'verified');
  return open
    ? notKnown(open.reason)
    : met(`${formatPlural(links.length, `link to a ${what}`, `links to ${what}s`)}, each verified.`);
}
