import { formatPlural } from '#lib/provenance/format.ts';
import type { CheckedLink } from './check-links.ts';
import { type ArchiveCheck, ArchiveError, Findings } from './checklist.ts';
import type { ArchivedAffected, ArchivedArtifact } from './documents.ts';
import { artifactLabel } from './labels.ts';
import type { ReadDocuments } from './open-archive.ts';
import { countsAs, countsAsProof, isSure } from './path-change.ts';
import { keyOf, type SameThings } from './same-things.ts';
import type { Naming } from './scope-match.ts';
import { BASIS_WORDS, LINK_WORDS, TIER_WORDS } from './words.ts';

export interface PathEvidence {
  readonly links: ReadonlyMap<number, CheckedLink>;
  readonly artifacts: ReadonlyMap<number, ArchivedArtifact>;
  readonly same: SameThings;
  /** Whether a criterion of the scope names what a path begins with. */
  nameStart(affected: ArchivedAffected): Naming;
}

/**
 * Follows the way to each affected artifact: that its steps hang together, that their proofs are in the archive, and that one
 * said to be proven, or made of something proven, goes along verified statements by digest only, or is itself what the scope
 * names. What was so when the path was found, and is not any more, is told.
 */
export function checkPaths(documents: ReadDocuments, evidence: PathEvidence): ArchiveCheck {
  const findings = new Findings();
  const known = knownProofs(documents);
  let sure = 0;
  let shown = 0;
  for (const affected of documents.affected.affected) {
    const artifact = evidence.artifacts.get(affected.artifact);
    const what = `${artifactLabel(artifact)} (artifact ${affected.artifact})`;
    findings.attempt(what, () => {
      const links = followPath(affected, evidence);
      const missing = affected.path.flatMap(({ proofs }) => proofs).find((proof) => !known.has(proof));
      if (missing !== undefined) throw new ArchiveError(`Its path rests on ${missing}, which is not in the archive`);
      if (!isSure(affected)) return;
      sure++;
      const claims = [
        ...requireProven(affected, links),
        ...(links.length === 0 ? requireNamed(affected, evidence.nameStart(affected)) : []),
      ];
      const joint = findOpenJoint(links, evidence.same);
      if (joint !== null) claims.push(`that ${joint} are one thing is the word of the archive.`);
      for (const claim of claims) findings.claimed.push(`${what}: ${claim}`);
      if (claims.length === 0) shown++;
    });
  }
  const count = documents.affected.affected.length;
  const all = shown === sure ? String(sure) : `${shown} of ${sure}`;
  return findings.check(
    'paths',
    `${formatPlural(count, 'path')} whole; ${all} said to be proven or made of something proven ${sure === 1 ? 'is' : 'are'} shown by verified statements and signatures only.`,
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

/** @returns what of it no archive can show any more, a sentence each. @throws {ArchiveError} where it never was so. */
function requireProven({ tier, path }: ArchivedAffected, links: readonly (CheckedLink | null)[]): string[] {
  const said = `It is said to be: ${TIER_WORDS[tier].word}. But`;
  return links.flatMap((checked, i): string[] => {
    const step = path[i + 1];
    const number = i + 2;
    if (step?.state !== undefined && !countsAs(step.state)) {
      const state = step.state === null ? 'of no state' : LINK_WORDS[step.state];
      throw new ArchiveError(`${said} the link of step ${number} of its path was ${state} when it was found`);
    }
    if (checked === null) {
      if (step?.state === undefined)
        throw new ArchiveError(`${said} the link of step ${number} of its path is known no more`);
      return [
        `that a statement led to step ${number} of its path is the word of the archive: the link is known no more.`,
      ];
    }
    const { link, isProven, doubt } = checked;
    if (!isProven)
      throw new ArchiveError(`${said} no verified statement leads to step ${number} of its path by a digest`);
    const inDoubt = doubt === null ? [] : [doubt];
    if (countsAsProof(link)) return inDoubt;
    if (step?.state === undefined)
      throw new ArchiveError(`${said} the link ${link.id} is ${link.state}, by ${link.basis}`);
    return [
      ...inDoubt,
      `that the link ${link.id} counted when this way was found is the word of the archive: today it is ${BASIS_WORDS[link.basis]}’s, ${LINK_WORDS[link.state]}.`,
    ];
  });
}

/** @returns why it cannot be shown. @throws {ArchiveError} where it is shown that no criterion names it. */
function requireNamed({ tier, leftAt }: ArchivedAffected, naming: Naming): string[] {
  if (naming.isNamed) return [];
  const said = `that it is ${TIER_WORDS[tier].word.toLowerCase()}`;
  if (leftAt !== null) return [`${said} is the word of the archive: the scope reaches it no more.`];
  if (naming.open.length > 0) return [`${said} is the word of the archive: ${naming.open.join('; ')}.`];
  throw new ArchiveError(`No statement leads to it, and no criterion of the scope names it: ${said} is not so`);
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
