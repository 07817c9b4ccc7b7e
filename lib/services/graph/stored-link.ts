import type { links } from '#db/schema/artifact.ts';
import type { bundles } from '#db/schema/bundle.ts';
import type { InputRole } from '#lib/attestation/facts.ts';
import type { SubjectDigest } from '#lib/model-signing/statement.ts';
import { type AliasName, digestAliases } from '#lib/provenance/input-name.ts';
import type { LinkBasis } from '#lib/provenance/judge-link.ts';

export type LinkRow = typeof links.$inferSelect;

export type Statement = Pick<
  typeof bundles.$inferSelect,
  'method' | 'san' | 'issuer' | 'signedAt' | 'eventId' | 'state'
>;

/** A stored link with the statement it stands in, and whose word that is. */
export interface WeighedLink {
  readonly link: LinkRow;
  /** Null for unsigned files. */
  readonly statement: Statement | null;
  readonly basis: LinkBasis;
}

/** The digests of a stored link, as the document states them. */
export function readDigests(digests: string): SubjectDigest[] {
  return digests === '[]' ? [] : (JSON.parse(digests) as SubjectDigest[]);
}

/** The digests of a stored link by which things are known here. */
export function linkAliases(link: { readonly role: InputRole; readonly digests: string }): AliasName[] {
  return digestAliases(link.role, readDigests(link.digests));
}

export function statesDigest(
  link: { readonly role: InputRole; readonly digests: string },
  { scheme, value }: AliasName,
): boolean {
  return linkAliases(link).some((alias) => alias.scheme === scheme && alias.value === value);
}
