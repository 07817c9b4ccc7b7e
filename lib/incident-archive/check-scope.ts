import { formatPlural } from '#lib/provenance/format.ts';
import type { PathEvidence } from './check-paths.ts';
import { type ArchiveCheck, Findings } from './checklist.ts';
import { artifactLabel } from './labels.ts';
import type { ReadDocuments } from './open-archive.ts';

/**
 * Looks whether each way begins with something that a criterion of the scope names. How `all` and `any` join criteria, and
 * whether everything that the scope reaches is in the archive, only the graph of the one who exported it can tell.
 */
export function checkScope({ affected: { affected } }: ReadDocuments, evidence: PathEvidence): ArchiveCheck {
  const findings = new Findings();
  for (const { artifact, path } of affected) {
    if (evidence.beginsInScope(path[0])) continue;
    const label = artifactLabel(evidence.artifacts.get(artifact));
    findings.open.push(
      `${label} (artifact ${artifact}): that its path begins with what the scope names is the word of the archive.`,
    );
  }
  const shown = affected.length - findings.open.length;
  return findings.check(
    'scope',
    `${formatPlural(shown, 'path')} of ${affected.length} ${shown === 1 ? 'begins' : 'begin'} with what a criterion of the scope names. That nothing else is affected, nothing in an archive can show.`,
  );
}
