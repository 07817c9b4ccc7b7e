import type { SubjectDigest } from '#lib/model-signing/statement.ts';
import type { StatedRetraction } from './retraction.ts';

/** What an input was to the thing made of it: the roles of links (design, Words). */
export const INPUT_ROLES = [
  'base-model',
  'adapter',
  'component',
  'quantised-from',
  'merged-from',
  'dataset',
  'code',
  'environment',
] as const;

export type InputRole = (typeof INPUT_ROLES)[number];

/** The nine fields of a model's provenance attestation, in the order in which they are shown. */
export const PROVENANCE_FIELDS = [
  'model_hash',
  'training_code_commit',
  'training_data_hash',
  'base_model_hash',
  'training_environment',
  'training_pipeline_id',
  'signer_identity',
  'timestamp',
  'evaluation_results',
] as const;

export type ProvenanceField = (typeof PROVENANCE_FIELDS)[number];

/** An input as a document states it. Everything here is the document's word. */
export interface StatedInput {
  readonly role: InputRole;
  readonly name: string | null;
  /** A web address, purl, repository id or path; never fetched because it stands here. */
  readonly uri: string | null;
  /** Digests of the same thing; empty where it is named only. SHA-2 in lowercase hex. */
  readonly digests: readonly SubjectDigest[];
  /** Where it stands in the document: `predicate.buildDefinition.resolvedDependencies[2]`. */
  readonly at: string;
}

/** One value of one of the nine fields, as a document states it. */
export interface StatedValue {
  readonly value: string;
  readonly at: string;
}

export interface LabelledValue extends StatedValue {
  readonly label: string;
}

/** One result of an evaluation. */
export interface StatedEvaluation {
  /** The metric, test or benchmark. */
  readonly name: string;
  /** `PASSED`, `0.842`: as stated. */
  readonly value: string;
  /** The data set or configuration it was measured with, where stated. */
  readonly on: string | null;
  readonly at: string;
}

/**
 * What kind of document it is. `model-provenance`: the nine fields under their own names. `other` is read for its
 * subjects only.
 */
export type AttestationKind =
  | 'model-signature'
  | 'slsa-provenance'
  | 'model-provenance'
  | 'test-result'
  | 'verification-summary'
  | 'scai'
  | 'cyclonedx'
  | 'spdx'
  | 'croissant'
  | 'evaluation'
  | 'retraction'
  | 'other';

/** A training log that provenance names among its byproducts (docs/training-log.md). */
export interface StatedTrainingLog {
  /** RFC 6962 root over the lines before its seal, lowercase hex. */
  readonly root: string;
  /** Lines that the root covers. */
  readonly size: number;
  /** Of the whole sealed file, lowercase hex. */
  readonly sha256: string;
  readonly at: string;
}

/**
 * Our view of any attestation or bill of materials: what it states of its subject. Nothing here is proven by standing
 * here; lib/provenance compares it with certificates, logs and signatures.
 */
export interface AttestationFacts {
  readonly kind: AttestationKind;
  /** The version of the format, as the document gives it: `v1`, `1.6`, `1.1`. */
  readonly format: string;
  /** Things made: digests of the subject as the document itself repeats them. Empty where only the statement's subjects count. */
  readonly outputs: readonly {
    readonly name: string | null;
    readonly digests: readonly SubjectDigest[];
    readonly at: string;
  }[];
  readonly inputs: readonly StatedInput[];
  /** Set where the document states that the model was trained from nothing (`base_model: none`). */
  readonly statesNoBase: StatedValue | null;
  readonly builder: StatedValue | null;
  readonly buildType: StatedValue | null;
  /** The run: experiment, pipeline or invocation id. */
  readonly invocation: StatedValue | null;
  /** The source repository without its ref, as an address. */
  readonly repository: StatedValue | null;
  /** Git commit, 40 or 64 lowercase hex. */
  readonly commit: StatedValue | null;
  /** Path of the workflow, script or entry point in the repository. */
  readonly entryPoint: StatedValue | null;
  /** Milliseconds since the epoch with their place. */
  readonly startedAt: { readonly time: number; readonly at: string } | null;
  readonly finishedAt: { readonly time: number; readonly at: string } | null;
  /** Hyperparameters and other parameters from outside. */
  readonly parameters: readonly LabelledValue[];
  /** Frameworks, GPU, driver, image: one row each. */
  readonly environment: readonly LabelledValue[];
  readonly evaluations: readonly StatedEvaluation[];
  /** A signer or a signing time that the document claims: never believed, compared with the certificate and the log. */
  readonly claimedSigner: StatedValue | null;
  readonly claimedTime: StatedValue | null;
  /** For verification summaries: the levels that the verifier says are met. */
  readonly verifiedLevels: readonly string[];
  /** For verification summaries and test results: `PASSED`, `FAILED`, `WARNED`. */
  readonly result: StatedValue | null;
  /** Facts that were stored before there were training logs do not have it. */
  readonly trainingLogs?: readonly StatedTrainingLog[];
  /** Of a retraction alone. */
  readonly retraction?: StatedRetraction;
  /** Fields that were passed over because they cannot be read, each with its place: "… is not a date". */
  readonly remarks: readonly string[];
}

/** Whether a document states how its subject was made, and not only something about it. */
export function isProvenance({ kind }: Pick<AttestationFacts, 'kind'>): boolean {
  return kind === 'slsa-provenance' || kind === 'model-provenance';
}

/** Facts of a document that states nothing: what each reader starts from. */
export function noFacts(kind: AttestationKind, format: string): AttestationFacts {
  return {
    kind,
    format,
    outputs: [],
    inputs: [],
    statesNoBase: null,
    builder: null,
    buildType: null,
    invocation: null,
    repository: null,
    commit: null,
    entryPoint: null,
    startedAt: null,
    finishedAt: null,
    parameters: [],
    environment: [],
    evaluations: [],
    claimedSigner: null,
    claimedTime: null,
    verifiedLevels: [],
    result: null,
    remarks: [],
  };
}
