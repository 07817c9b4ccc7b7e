import { formatPlural } from '#lib/provenance/format.ts';
import { type AliasName, digestAliases } from '#lib/provenance/input-name.ts';
import type { VerifiedBundle } from './check-bundles.ts';
import { type ArchiveCheck, ArchiveError, Findings } from './checklist.ts';
import type { ArchivedArtifact, ArchivedLink } from './documents.ts';
import type { ReadDocuments } from './open-archive.ts';
import { keyOf, type SameThings } from './same-things.ts';
import { StatedInputs } from './stated-inputs.ts';

/** What there is to say for a link. */
export interface CheckedLink {
  readonly link: ArchivedLink;
  /** Whether a verified bundle states it, by digests that are the child's and, save for `doubt`, the parent's. */
  readonly isProven: boolean;
  /** What only the archive says of it; null where the statement says all. */
  readonly doubt: string | null;
}

interface Evidence {
  readonly verified: ReadonlyMap<string, VerifiedBundle>;
  readonly artifacts: ReadonlyMap<number, ArchivedArtifact>;
  readonly same: SameThings;
}

/** Reads every link again in the statement that it is said to stand in, and that it connects the two that it says. */
export function checkLinks(
  { links, declarations }: ReadDocuments,
  evidence: Evidence,
): { check: ArchiveCheck; checked: ReadonlyMap<number, CheckedLink> } {
  const findings = new Findings();
  const checked = new Map<number, CheckedLink>();
  const files = new Map(declarations.map((declaration) => [declaration.id, declaration]));
  const documents = new StatedInputs();
  let stated = 0;
  for (const link of links) {
    findings.attempt(`link ${link.id}`, () => {
      const { statedBy } = link;
      if ('declaration' in statedBy) {
        const file = files.get(statedBy.declaration);
        if (!file) throw new ArchiveError(`The declaration ${statedBy.declaration} is not in the archive`);
        if (link.basis !== 'declaration')
          throw new ArchiveError('It is an unsigned file’s, and said to be a signed statement’s');
        documents.require(link, `declaration ${file.id}`, file.inputs);
        checked.set(link.id, { link, isProven: false, doubt: null });
        return;
      }
      const doubt = checkStated(link, statedBy.bundle, documents, evidence);
      stated++;
      if (doubt !== null) findings.open.push(`link ${link.id}: ${doubt}`);
      checked.set(link.id, { link, isProven: link.subject !== null && link.input !== null, doubt });
    });
  }
  const fromFiles = checked.size - stated;
  const besides = fromFiles === 0 ? '' : `, ${fromFiles} by unsigned files, which prove nothing`;
  const check = findings.check(
    'links',
    `${formatPlural(stated, 'link')} stated by the verified bundles that are named${besides}.`,
  );
  return { check, checked };
}

/** @returns what only the archive says of it; null where the statement says all. */
function checkStated(
  link: ArchivedLink,
  bundleId: string,
  documents: StatedInputs,
  { verified, artifacts, same }: Evidence,
): string | null {
  const bundle = verified.get(bundleId);
  if (!bundle) throw new ArchiveError(`The bundle ${bundleId} that states it is not a verified one of the archive`);
  if (link.basis === 'declaration')
    throw new ArchiveError('It is a signed statement’s, and said to be an unsigned file’s');
  const { statement, facts } = bundle;
  if (!statement || !facts) throw new ArchiveError(`The bundle ${bundleId} states no inputs`);
  documents.require(link, bundleId, facts.inputs);
  const child = artifacts.get(link.child);
  const parent = artifacts.get(link.parent);
  if (!child || !parent) throw new ArchiveError('It connects what is not in the archive');
  const { subject, input } = link;
  if (subject === null) return 'by which digest its statement is about the child, the archive does not say.';
  if (!documents.isAbout(bundleId, statement, subject))
    throw new ArchiveError(`${bundleId} is not about ${keyOf(subject)}`);
  if (!has(child.aliases, subject)) throw new ArchiveError(`${keyOf(subject)} is none of the digests of the child`);
  if (input === null) return null;
  if (!has(digestAliases(link.role, link.digests), input))
    throw new ArchiveError(`${bundleId} does not name ${keyOf(input)}`);
  if (has(parent.aliases, input)) return null;
  if (same.isFileOf(parent, input)) return null;
  if (same.hasManifest(parent)) throw new ArchiveError(`${keyOf(input)} is neither a digest nor a file of the parent`);
  return `that ${keyOf(input)} is a file of the parent is the word of the archive: no signed list of its files is in it.`;
}

function has(names: readonly AliasName[], { scheme, value }: AliasName): boolean {
  return names.some((name) => name.scheme === scheme && name.value === value);
}
