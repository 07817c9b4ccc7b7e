import { formatPlural } from '#lib/provenance/format.ts';
import type { PathEvidence } from './check-paths.ts';
import { type ArchiveCheck, Findings } from './checklist.ts';
import type { ArchivedAffected, ArchivedEvent, ArchivedScope } from './documents.ts';
import { artifactLabel } from './labels.ts';
import type { ReadDocuments } from './open-archive.ts';
import { isLoggedInScope, isNamedByScope, isSignedInScope } from './scope-match.ts';

/**
 * Looks whether each way begins with something that a criterion of the scope names. How `all` and `any` join criteria, and
 * whether everything that the scope reaches is in the archive, only the graph of the one who exported it can tell.
 */
export function checkScope(documents: ReadDocuments, evidence: PathEvidence): ArchiveCheck {
  const findings = new Findings();
  const { affected } = documents.affected;
  const events = new Map(documents.events.map((event) => [event.id, event]));
  const open = affected.filter((one) => !beginsInScope(one, documents.incident.scope, events, evidence));
  for (const { artifact } of open) {
    const label = artifactLabel(evidence.artifacts.get(artifact));
    findings.open.push(
      `${label} (artifact ${artifact}): that its path begins with what the scope names is the word of the archive.`,
    );
  }
  const holds = `${formatPlural(affected.length - open.length, 'path')} of ${affected.length} begin with what a criterion of the scope names. That nothing else is affected, nothing in an archive can show.`;
  return findings.check('scope', holds);
}

function beginsInScope(
  { path: [first] }: ArchivedAffected,
  scope: ArchivedScope,
  events: ReadonlyMap<string, ArchivedEvent>,
  { artifacts, verified, proven }: PathEvidence,
): boolean {
  const artifact = artifacts.get(first?.artifact ?? 0);
  if (!artifact || !first) return false;
  if (isNamedByScope(scope, artifact)) return true;
  const isSigned = [...first.proofs, ...artifact.signedBy].some((id) => {
    const bundle = verified.get(id);
    return bundle !== undefined && isSignedInScope(scope, bundle.listed);
  });
  if (isSigned) return true;
  return first.proofs.some((id) => {
    const event = events.get(id);
    return event !== undefined && proven.has(id) && isLoggedInScope(scope, event);
  });
}
