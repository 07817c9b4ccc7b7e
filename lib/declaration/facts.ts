import type { StatedEvaluation, StatedInput } from '#lib/attestation/facts.ts';

/** Files that declare where a model comes from, signed by nobody. */
export type DeclarationKind =
  | 'model-card'
  | 'peft'
  | 'gguf'
  | 'safetensors'
  | 'modelpack'
  | 'kitfile'
  | 'eval-results'
  | 'cyclonedx'
  | 'spdx'
  | 'croissant';

/** What an unsigned file declares of the model that it lies beside. Claims, whatever digests they carry. */
export interface DeclarationFacts {
  readonly kind: DeclarationKind;
  /** The model's own name as the file gives it. */
  readonly name: string | null;
  readonly inputs: readonly StatedInput[];
  readonly evaluations: readonly StatedEvaluation[];
  /** A later version that the card points to (`new_version`). */
  readonly supersededBy: string | null;
  /** Fields passed over because they cannot be read, each with its place. */
  readonly remarks: readonly string[];
}
