import type { OmsManifest } from '#lib/model-signing/oms.ts';
import type { Statement } from '#lib/model-signing/statement.ts';
import type { Check } from '#lib/provenance/check.ts';

/** What reading a verified payload showed: that it is a statement, and that an OMS manifest gives the root it states. */
export function contentChecks(statement: Statement, manifest: OmsManifest | null): Check[] {
  const read: Check = {
    name: 'statement',
    outcome: 'passed',
    statement: 'The payload is a well-formed in-toto statement.',
    evidence: { 'predicate type': statement.predicateType, subjects: String(statement.subjects.length) },
  };
  if (!manifest) return [read];
  const recomputed: Check = {
    name: 'oms-root',
    outcome: manifest.rootStated ? 'passed' : 'not-made',
    statement: manifest.rootStated
      ? `The root recomputed from the ${manifest.resources.length} listed digests is the one that was signed.`
      : 'This old format states no root: files could have been added beside those listed.',
    evidence: { root: manifest.root, order: manifest.rootOrder, 'hash type': manifest.hashType },
  };
  return [read, recomputed];
}
