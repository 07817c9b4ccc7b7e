import { formatPlural } from '#lib/provenance/format.ts';
import type { CheckedLink } from './check-links.ts';
import { type ArchiveCheck, ArchiveError, Findings } from './checklist.ts';
import type { ArchivedAffected, ArchivedArtifact, ArchivedLink, ArchivedStep } from './documents.ts';
import { artifactLabel } from './labels.ts';
import type { ReadDocuments } from './open-archive.ts';
import { keyOf, type SameThings } from './same-things.ts';
import { criteriaOf, isDecidable } from './scope-match.ts';
import { TIER_WORDS } from './words.ts';

export interface PathEvidence {
  readonly links: ReadonlyMap<number, CheckedLink>;
  readonly artifacts: ReadonlyMap<number, ArchivedArtifact>;
  readonly same: SameThings;
  /** Whether a criterion of the scope names what a step is about. */
  beginsInScope(step: ArchivedStep | undefined): boolean;
}

/**
 * Follows the way to each affected artifact: that its steps hang together, that their proofs are in the archive, and that one
 * said to be proven, or made of something proven, goes along verified statements by digest only, or is itself what the scope
 * names.
 */
export function checkPaths(documents: ReadDocuments, evidence: PathEvidence): ArchiveCheck {
  const findings = new Findings();
  const known = knownProofs(documents);
  const isDecided = criteriaOf(documents.incident.scope).every(isDecidable);
  for (const affected of documents.affected.affected) {
    const artifact = evidence.artifacts.get(affected.artifact);
    const what = `${artifactLabel(artifact)} (artifact ${affected.artifact})`;
    findings.attempt(what, () => {
      const links = followPath(affected, evidence);
      const missing = affected.path.flatMap(({ proofs }) => proofs).find((proof) => !known.has(proof));
      if (missing !== undefined) throw new ArchiveError(`Its path rests on ${missing}, which is not in the archive`);
      if (affected.tier !== 'proven' && affected.tier !== 'descendant') return;
      requireProven(affected, links);
      if (links.length === 0 && !evidence.beginsInScope(affected.path[0])) {
        const said = `that it is ${TIER_WORDS[affected.tier].word.toLowerCase()}`;
        if (isDecided)
          throw new ArchiveError(`No statement leads to it, and no criterion of the scope names it: ${said} is not so`);
        findings.open.push(`${what}: ${said} is the word of the archive.`);
      }
      const joint = findOpenJoint(links, evidence.same);
      if (joint !== null) findings.open.push(`${what}: that ${joint} are one thing is the word of the archive.`);
    });
  }
  const { affected } = documents.affected;
  const sure = affected.filter(({ tier }) => tier === 'proven' || tier === 'descendant').length;
  return findings.check(
    'paths',
    `${formatPlural(affected.length, 'path')} whole; ${sure} said to be proven or made of something proven ${sure === 1 ? 'goes' : 'go'} along verified statements only.`,
  );
}

/** @returns the links of the path, null for those that are known no more. */
function followPath({ artifact, path }: ArchivedAffected, { links, artifacts }: PathEvidence): (CheckedLink | null)[] {
  if (path.at(-1)?.artifact !== artifact) throw new ArchiveError('Its path ends elsewhere');
  const [first, ...steps] = path;
  if (first?.link !== null) throw new ArchiveError('Its path begins with a link from nowhere');
  const missing = path.find((step) => !artifacts.has(step.artifact));
  if (missing) throw new ArchiveError(`Its path goes by the artifact ${missing.artifact}, which is not in the archive`);
  return steps.map((step, i) => {
    if (step.link === null) return null;
    const checked = links.get(step.link);
    if (!checked)
      throw new ArchiveError(`Its path goes along the link ${step.link}, which does not hold or is not in the archive`);
    const { child, parent, id } = checked.link;
    if (child !== step.artifact || parent !== path[i]?.artifact)
      throw new ArchiveError(`The link ${id} of its path connects others`);
    return checked;
  });
}

function requireProven({ tier }: ArchivedAffected, links: readonly (CheckedLink | null)[]): void {
  const said = `It is said to be: ${TIER_WORDS[tier].word}. But`;
  for (const [i, checked] of links.entries()) {
    if (checked === null) throw new ArchiveError(`${said} the link of step ${i + 2} of its path is known no more`);
    const { link, isProven } = checked;
    if (!isProven)
      throw new ArchiveError(`${said} no verified statement leads to step ${i + 2} of its path by a digest`);
    if (!countsAsProof(link)) throw new ArchiveError(`${said} the link ${link.id} is ${link.state}, by ${link.basis}`);
  }
}

function countsAsProof({ basis, state }: ArchivedLink): boolean {
  return basis === 'attester' && state !== 'declared' && state !== 'conflict';
}

/** Where one statement speaks of a thing by another digest than the next one does, and nothing shows both to be its own. */
function findOpenJoint(links: readonly (CheckedLink | null)[], same: SameThings): string | null {
  for (const [i, checked] of links.entries()) {
    const subject = checked?.link.subject;
    const input = links[i + 1]?.link.input;
    if (!subject || !input || same.areSame(subject, input) || same.isListed(subject, input)) continue;
    return `${keyOf(subject)} and ${keyOf(input)}`;
  }
  return null;
}

function knownProofs({ bundles, events, declarations }: ReadDocuments): ReadonlySet<string> {
  return new Set([
    ...bundles.map(({ id }) => id),
    ...events.map(({ id }) => id),
    ...declarations.map(({ id }) => `declaration ${id}`),
  ]);
}
