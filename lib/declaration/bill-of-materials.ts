import { readDocument } from '#lib/attestation/document.ts';
import { DeclarationError } from './declaration-error.ts';
import type { DeclarationFacts } from './facts.ts';

/**
 * Reads an unsigned CycloneDX, SPDX 3 or Croissant document. What kind it is, its content says, not its name.
 *
 * @throws {DeclarationError} for JSON of any other kind.
 * @throws {StatementError} for what is not JSON, or not of the form that its kind asks for.
 */
export function readBillOfMaterials(bytes: Uint8Array): DeclarationFacts {
  const facts = readDocument(bytes);
  if (facts?.kind !== 'cyclonedx' && facts?.kind !== 'spdx' && facts?.kind !== 'croissant') {
    throw new DeclarationError('bad-declaration', 'The file is none of CycloneDX, SPDX 3 and Croissant.');
  }
  const { kind, inputs, evaluations, remarks, outputs } = facts;
  const name = kind === 'croissant' ? null : (outputs[0]?.name ?? null);
  return { kind, name, inputs, evaluations, supersededBy: null, remarks };
}
