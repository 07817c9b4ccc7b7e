import { formatPlural } from '#lib/provenance/format.ts';
import type { PathEvidence } from './check-paths.ts';
import { type ArchiveCheck, Findings } from './checklist.ts';
import type { ArchivedAffected } from './documents.ts';
import { artifactLabel } from './labels.ts';
import type { ReadDocuments } from './open-archive.ts';
import { isSure } from './path-change.ts';
import type { Naming } from './scope-match.ts';

/**
 * Looks whether each way begins with something that a criterion of the scope names. How `all` and `any` join criteria, and
 * whether everything that the scope reaches is in the archive, only the graph of the one who exported it can tell.
 */
export function checkScope({ affected: { affected } }: ReadDocuments, evidence: PathEvidence): ArchiveCheck {
  const findings = new Findings();
  let shown = 0;
  for (const one of affected) {
    const naming = evidence.nameStart(one);
    if (naming.isNamed) {
      shown++;
      continue;
    }
    const what = `${artifactLabel(evidence.artifacts.get(one.artifact))} (artifact ${one.artifact})`;
    const why = reasonOf(one, naming);
    if (why === null)
      findings.wrong.push(`${what}: Its path begins with something that no criterion of the scope names.`);
    else
      findings.claimed.push(
        `${what}: that its path begins with what the scope names is the word of the archive: ${why}.`,
      );
  }
  return findings.check(
    'scope',
    `${formatPlural(shown, 'path')} of ${affected.length} ${shown === 1 ? 'begins' : 'begin'} with what a criterion of the scope names. That nothing else is affected, nothing in an archive can show.`,
  );
}

/** @returns why the archive cannot show it; null where it shows that it is not so. */
function reasonOf(affected: ArchivedAffected, { open }: Exclude<Naming, { isNamed: true }>): string | null {
  const { tier, leftAt, path } = affected;
  if (leftAt !== null) return 'the scope reaches it no more';
  if (tier === 'not-excluded')
    return 'it is there because it cannot be excluded, and that something is missing no archive can show';
  if (open.length > 0) return open.join('; ');
  if (!isSure(affected)) return 'it is only declared';
  const [, ...steps] = path;
  return steps.some(({ link, state }) => link === null && state !== undefined)
    ? 'a link of the path is known no more'
    : null;
}
