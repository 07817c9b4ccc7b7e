import { FactsBuilder } from '#lib/attestation/facts-builder.ts';
import type { DeclarationFacts, DeclarationKind } from './facts.ts';

/** What only some kinds of file declare. */
interface Besides {
  readonly name?: string | null;
  readonly supersededBy?: string | null;
}

/** Collects inputs, evaluations and remarks under the same bounds as for attestations. */
export function collect(): FactsBuilder {
  return new FactsBuilder('other', '');
}

/** What was collected, as the declaration of a file. */
export function declared(kind: DeclarationKind, { facts }: FactsBuilder, besides: Besides = {}): DeclarationFacts {
  const { inputs, evaluations, remarks } = facts;
  return {
    kind,
    name: besides.name ?? null,
    inputs,
    evaluations,
    supersededBy: besides.supersededBy ?? null,
    remarks,
  };
}
