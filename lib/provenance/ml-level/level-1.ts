import { type AttestationFacts, type InputRole, isProvenance, type StatedInput } from '#lib/attestation/facts.ts';
import { formatPlural } from '../format.ts';
import { describeSigner } from '../signer.ts';
import { type CheckRule, met, notMet, ofStatement, quoted } from './level-check.ts';
import { externalParameters, externalValues } from './stated-build.ts';

export const BASE_ROLES: ReadonlySet<InputRole> = new Set(['base-model', 'quantised-from', 'merged-from']);
const HYPERPARAMETERS = ['hyperparameters', 'hyper_parameters', 'hyperParameters'] as const;
/** The row under which a reader keeps a configuration that is pinned among the inputs. */
const CONFIGURATION = 'configuration';

/** Level 1: provenance exists. It may be unsigned, and nothing in it is proven. */
export const LEVEL_1: readonly CheckRule[] = [
  {
    id: '1.1',
    title: 'There is a statement of provenance about these files',
    reads: 'Statement: predicateType, subject[].digest',
    mend: 'State the provenance with `modeltrail attest` or from your pipeline, with the OMS root as its subject, and hand it in.',
    judge: ({ statement }) => {
      if (!statement) return notMet('Nobody whose word on it counts states where these files come from.');
      if (!isProvenance(statement.facts)) return notMet(`A statement of the kind ${statement.facts.kind} is none.`);
      if (!statement.namesModel) return notMet('Its subject is not known to be these files.');
      const who = statement.signature ? ` by ${quoted(describeSigner(statement.signature.signer))}` : '';
      return met(`${name(statement.facts)}${who} names these files by digest.`);
    },
  },
  {
    id: '1.2',
    title: 'It says how they were built',
    reads: 'Statement: buildDefinition.buildType, externalParameters',
    mend: 'Name the build type, and list what was given to the build from outside.',
    judge: ofStatement(({ facts }) => {
      const keys = externalParameters(facts);
      if (facts.buildType === null) return notMet('It names no build type.');
      if (keys?.size === 0) return notMet('It lists no parameter that was given to the build.');
      return met(
        `Build type ${quoted(facts.buildType.value)}, ${keys ? formatPlural(keys.size, 'parameter') : 'many parameters'}.`,
      );
    }),
  },
  {
    id: '1.3',
    title: 'It names what built them',
    reads: 'Statement: runDetails.builder.id',
    mend: 'Name the builder: the workflow or the service that ran the training.',
    judge: ofStatement(({ facts: { builder } }) =>
      builder ? met(`Builder ${quoted(builder.value)}.`) : notMet('It names no builder.'),
    ),
  },
  {
    id: '1.4',
    title: 'It names the run',
    reads: 'Statement: runDetails.metadata.invocationId',
    mend: 'Name the run of the pipeline or of the experiment tracker.',
    judge: ofStatement(({ facts: { invocation } }) =>
      invocation ? met(`Run ${quoted(invocation.value)}.`) : notMet('It names no run.'),
    ),
  },
  {
    id: '1.5',
    title: 'It names the training code',
    reads: 'Statement: resolvedDependencies (git+…), externalParameters.repository',
    mend: 'Name the repository of the training code.',
    judge: ofStatement(({ facts }) => {
      const code = facts.repository?.value ?? facts.inputs.find(isNamedCode)?.uri ?? facts.commit?.value;
      return code === undefined || code === null ? notMet('It names no code.') : met(`Code ${quoted(code)}.`);
    }),
  },
  {
    id: '1.6',
    title: 'It names the training data',
    reads: 'Statement: resolvedDependencies (training-dataset)',
    mend: 'Name every data set among the inputs, with an address or a digest.',
    judge: ofStatement(({ facts }) => {
      const data = datasetsOf(facts);
      if (data.length === 0) return notMet('It names no data set.');
      const unnamed = data.filter((input) => !isNamed(input)).length;
      return unnamed > 0
        ? notMet(`${formatPlural(unnamed, 'data set')} without address, digest or name.`)
        : met(`${formatPlural(data.length, 'data set')} named.`);
    }),
  },
  {
    id: '1.7',
    title: 'It names the base model, or says that there is none',
    reads: 'Statement: resolvedDependencies (base-model), externalParameters.base_model',
    mend: 'Name the base model among the inputs, or state `base_model: none`.',
    judge: ofStatement(({ facts }) => {
      const bases = basesOf(facts);
      if (facts.statesNoBase && bases.length > 0) return notMet('It names a base model, and says that there is none.');
      if (facts.statesNoBase) return met('It says that there is none: trained from nothing.');
      if (bases.length === 0) return notMet('It says nothing of a base model.');
      return bases.every(isNamed)
        ? met(`${formatPlural(bases.length, 'base model')} named.`)
        : notMet('A base model stands among the inputs without address, digest or name.');
    }),
  },
  {
    id: '1.8',
    title: 'It gives the hyperparameters',
    reads: 'Statement: externalParameters.hyperparameters, or the digest of a training-config among the inputs',
    mend: 'State the hyperparameters, or name the file that holds them as training-config with its digest.',
    judge: ofStatement(({ facts }) => {
      const given = externalValues(facts, HYPERPARAMETERS);
      const files = facts.parameters.filter(
        ({ label, at }) => label === CONFIGURATION && at.includes('resolvedDependencies['),
      );
      if (given.length > 0) return met(`${formatPlural(given.length, 'value')} given.`);
      return files.length > 0
        ? met(`In a configuration that is pinned by its digest, ${quoted(files[0]?.value ?? '')}.`)
        : notMet('It gives none, and pins no configuration.');
    }),
  },
];

export function datasetsOf({ inputs }: AttestationFacts): readonly StatedInput[] {
  return inputs.filter(({ role }) => role === 'dataset');
}

export function basesOf({ inputs }: AttestationFacts): readonly StatedInput[] {
  return inputs.filter(({ role }) => BASE_ROLES.has(role));
}

function isNamed({ name, uri, digests }: StatedInput): boolean {
  return name !== null || uri !== null || digests.length > 0;
}

function isNamedCode({ role, uri }: StatedInput): boolean {
  return role === 'code' && uri !== null;
}

function name({ kind, format }: AttestationFacts): string {
  return kind === 'slsa-provenance' ? `SLSA provenance ${format}` : `A statement of the nine fields ${format}`.trim();
}
