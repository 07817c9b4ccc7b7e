import { parseStatement, STATEMENT_V1 } from '#lib/model-signing/statement.ts';
import { StatementError } from '#lib/model-signing/statement-error.ts';
import { trainingLogByproduct } from '#lib/training-log/byproduct.ts';
import type { TrainingLogSeal } from '#lib/training-log/seal.ts';
import { type EvaluationResult, evaluationByproduct } from './evaluation-byproduct.ts';
import type { InputRole } from './facts.ts';
import { readAttestation } from './read.ts';

const PREDICATE_TYPE = 'https://slsa.dev/provenance/v1';

/** Roles that a model's other models and data can have in its training. */
export type TrainingInputRole = Extract<
  InputRole,
  'dataset' | 'base-model' | 'adapter' | 'quantised-from' | 'merged-from'
>;

/** A model or a data set that went into the training. At least one of the three is given. */
export interface TrainingInput {
  readonly role: TrainingInputRole;
  readonly name: string | null;
  readonly uri: string | null;
  /** Lowercase hex: of a folder, its OMS root. */
  readonly sha256: string | null;
}

/** What the maker of a model states of it. Signer and time of signing are not among it: signature and log prove those. */
export interface ProvenanceFields {
  /** `root`: the OMS root in lowercase hex. */
  readonly subject: { readonly name: string; readonly root: string };
  /** Web address of the source repository. */
  readonly repository: string | null;
  readonly ref: string | null;
  /** Git commit, 40 or 64 lowercase hex. */
  readonly commit: string | null;
  /** The workflow or script in the repository. */
  readonly entryPoint: string | null;
  readonly inputs: readonly TrainingInput[];
  /** Whether it is stated that there is no base model. */
  readonly statesNoBase: boolean;
  readonly environment: Readonly<Record<string, string>>;
  /** The container image: its address and the hex of its SHA-256. */
  readonly image: { readonly uri: string; readonly sha256: string } | null;
  /** The run: an address or an id. */
  readonly pipelineId: string | null;
  /** URI of what built it, and of the kind of build. */
  readonly builder: string;
  readonly buildType: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly evaluations: readonly EvaluationResult[];
  /** Milliseconds since the epoch. */
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly trainingLog: TrainingLogSeal | null;
}

const INPUT_NAMES: Readonly<Record<TrainingInputRole, string>> = {
  dataset: 'training-dataset',
  'base-model': 'base-model',
  adapter: 'adapter',
  'quantised-from': 'quantised-from',
  'merged-from': 'merged-from',
};

/**
 * The in-toto statement of a model's provenance: SLSA provenance v1 (slsa.dev/spec/v1.2/build-provenance) whose subject
 * is the OMS root.
 *
 * @returns the payload, as bytes of UTF-8.
 * @throws {StatementError} for what our own reader would not read again whole.
 */
export function provenanceStatement(fields: ProvenanceFields): Uint8Array<ArrayBuffer> {
  const { subject, statesNoBase, inputs } = fields;
  if (statesNoBase && inputs.some(({ role }) => role !== 'dataset' && role !== 'adapter')) {
    throw new StatementError('bad-attestation', 'A base model is named, and yet it is stated that there is none.');
  }
  if (inputs.some(({ name, uri, sha256 }) => name === null && uri === null && sha256 === null)) {
    throw new StatementError('bad-attestation', 'An input has neither name nor address nor digest.');
  }
  const statement = {
    _type: STATEMENT_V1,
    subject: [{ name: subject.name, digest: { sha256: subject.root } }],
    predicateType: PREDICATE_TYPE,
    predicate: {
      buildDefinition: {
        buildType: fields.buildType,
        externalParameters: externalParameters(fields),
        internalParameters: { environment: fields.environment },
        resolvedDependencies: [...codeDependency(fields), ...imageDependency(fields), ...inputs.map(dependency)],
      },
      runDetails: {
        builder: { id: fields.builder },
        metadata: {
          ...(fields.pipelineId !== null && { invocationId: fields.pipelineId }),
          ...(fields.startedAt !== null && { startedOn: rfc3339(fields.startedAt) }),
          ...(fields.finishedAt !== null && { finishedOn: rfc3339(fields.finishedAt) }),
        },
        byproducts: byproducts(fields),
      },
    },
  };
  const bytes = new TextEncoder().encode(JSON.stringify(statement, null, 2));
  requireReadable(bytes);
  return bytes;
}

function externalParameters({ repository, ref, entryPoint, statesNoBase, parameters }: ProvenanceFields): object {
  return {
    ...(repository !== null && { repository }),
    ...(ref !== null && { ref }),
    ...(entryPoint !== null && { entryPoint }),
    ...(statesNoBase && { base_model: 'none' }),
    ...(Object.keys(parameters).length > 0 && { hyperparameters: parameters }),
  };
}

function codeDependency({ repository, ref, commit }: ProvenanceFields): object[] {
  if (repository === null && commit === null) return [];
  const uri = repository === null ? {} : { uri: `git+${repository}${ref === null ? '' : `@${ref}`}` };
  const digest = commit === null ? {} : { digest: { gitCommit: commit } };
  return [{ name: 'training-code', ...uri, ...digest, annotations: { role: 'code' } }];
}

function imageDependency({ image }: ProvenanceFields): object[] {
  if (image === null) return [];
  const digest = { sha256: image.sha256 };
  return [{ name: 'training-image', uri: image.uri, digest, annotations: { role: 'environment' } }];
}

function dependency({ role, name, uri, sha256 }: TrainingInput): object {
  const named = name === null ? {} : { [role === 'dataset' ? 'dataset' : 'model']: name };
  return {
    name: INPUT_NAMES[role],
    ...(uri !== null && { uri }),
    ...(sha256 !== null && { digest: { sha256 } }),
    annotations: { role, ...named },
  };
}

function byproducts({ evaluations, trainingLog }: ProvenanceFields): object[] {
  return [
    ...(evaluations.length > 0 ? [evaluationByproduct(evaluations)] : []),
    ...(trainingLog ? [trainingLogByproduct(trainingLog)] : []),
  ];
}

function rfc3339(time: number): string {
  return new Date(time).toISOString();
}

/** What a reader would pass over must not be signed: the signer would believe that it counts. */
function requireReadable(bytes: Uint8Array): void {
  const { remarks } = readAttestation(parseStatement(bytes));
  const [remark] = remarks;
  if (remark !== undefined)
    throw new StatementError('bad-attestation', `The statement could not be read again: ${remark}`);
}
