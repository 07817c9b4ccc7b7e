import type { EvaluationResult } from '#lib/attestation/evaluation-byproduct.ts';
import type { ProvenanceFields, TrainingInputRole } from '#lib/attestation/provenance-statement.ts';

/** Where a value comes from. */
export type FieldSource = 'flag' | 'file' | 'environment';

/** An input as it was asked for; `path` is a folder or file here, to be hashed to its OMS root. */
export interface AskedInput {
  readonly role: TrainingInputRole;
  readonly name: string | null;
  readonly uri: string | null;
  readonly sha256: string | null;
  readonly path: string | null;
}

/** Some of the fields of a statement, as one source gives them. What a source does not say is not there. */
export interface AskedFields
  extends Partial<
    Pick<
      ProvenanceFields,
      | 'repository'
      | 'ref'
      | 'commit'
      | 'entryPoint'
      | 'environment'
      | 'image'
      | 'pipelineId'
      | 'builder'
      | 'buildType'
      | 'parameters'
      | 'startedAt'
      | 'finishedAt'
    >
  > {
  readonly inputs?: readonly AskedInput[];
  readonly statesNoBase?: boolean;
  readonly evaluations?: readonly EvaluationResult[];
  /** Path of a sealed training log. */
  readonly trainingLog?: string;
}

export interface MergedFields {
  readonly fields: AskedFields;
  /** Of each field that is stated, which source said it. */
  readonly sources: Readonly<Record<string, FieldSource>>;
}

/**
 * One set of fields from several: each field whole from the first source that states it, flags before file before
 * environment. Commit and ref go with their repository: those of two repositories are never put together.
 */
export function mergeFields(sources: readonly (readonly [FieldSource, AskedFields])[]): MergedFields {
  const fields: Record<string, unknown> = {};
  const from: Record<string, FieldSource> = {};
  let hasRepository = false;
  for (const [source, asked] of sources) {
    for (const [key, value] of Object.entries(asked)) {
      const isOfOther = hasRepository && from.repository !== source && OF_REPOSITORY.has(key);
      if (value === undefined || key in fields || isOfOther) continue;
      fields[key] = value;
      from[key] = source;
    }
    hasRepository ||= asked.repository !== undefined;
  }
  return { fields: fields as AskedFields, sources: from };
}

const OF_REPOSITORY: ReadonlySet<string> = new Set(['commit', 'ref', 'entryPoint']);
