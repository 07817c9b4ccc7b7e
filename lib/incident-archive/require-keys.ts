import { authorityLabel } from '#lib/provenance/expected-signer.ts';
import type { ArchivedBundle, ArchivedTrust } from './documents.ts';
import { ExportError } from './export-error.ts';
import { keyPath } from './layout.ts';

/**
 * Requires that every key and authority of the operator by which a bundle verified once still is there to go with it: without
 * them nobody could verify the archive.
 *
 * @throws {ExportError} naming the first that is missing.
 */
export function requireKeys(bundles: readonly ArchivedBundle[], { keys, authorities, problem }: ArchivedTrust): void {
  const files = new Set(keys.map(({ file }) => file));
  const known = new Set(authorities.map(({ name }) => authorityLabel(name)));
  for (const { id, state, method, keySha256, signer } of bundles) {
    if (state !== 'verified' || method === 'sigstore') continue;
    const isThere = method === 'key' ? files.has(keyPath(keySha256 ?? '')) : known.has(signer?.issuer ?? '');
    if (isThere) continue;
    const [what, where] =
      method === 'key'
        ? [`with the key sha256:${keySha256 ?? 'unknown'}`, 'trust.keys']
        : [`under ${signer?.issuer ?? 'an authority'}`, 'trust.authorities'];
    const why = problem === null ? `is not among ${where} any more` : `cannot be read: ${problem.replace(/\.$/, '')}`;
    throw new ExportError(
      `The bundle ${id} is signed ${what}, which ${why}. Without it nobody can verify the archive. Put it back into the configuration, as long as the archive is made.`,
    );
  }
}
