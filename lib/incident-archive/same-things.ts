import { manifestId } from '#lib/model-signing/manifest-id.ts';
import type { OmsManifest } from '#lib/model-signing/oms.ts';
import { rootCandidates } from '#lib/model-signing/roots.ts';
import type { AliasName } from '#lib/provenance/input-name.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import type { VerifiedBundle } from './check-bundles.ts';
import type { ArchivedArtifact } from './documents.ts';

export const keyOf = ({ scheme, value }: AliasName): string => `${scheme}:${value}`;

/** Names that no bytes give. */
export function isDigest({ scheme }: AliasName): boolean {
  return scheme !== 'name' && scheme !== 'hf';
}

/**
 * Which digests are of one thing by mathematics: a signed list of files gives its roots in both orders, its manifest id, and
 * the digest of the only file where there is but one.
 */
export class SameThings {
  /** Names that one list of files gives, by each of them. */
  readonly #names = new Map<string, Set<string>>();
  /** Digests of the listed files, by each of those names. */
  readonly #files = new Map<string, Set<string>>();

  constructor(bundles: Iterable<VerifiedBundle>) {
    for (const { manifest } of bundles) if (manifest) this.#add(manifest);
  }

  /** Whether two digests are shown to be of one thing. */
  areSame(a: AliasName, b: AliasName): boolean {
    return keyOf(a) === keyOf(b) || this.#names.get(keyOf(a))?.has(keyOf(b)) === true;
  }

  /** Whether a signed list that has the name `list` has a file with this digest. */
  isListed(list: AliasName, file: AliasName): boolean {
    return this.#files.get(keyOf(list))?.has(keyOf(file)) === true;
  }

  /** Whether a signed list of the artifact's files is there. */
  hasManifest({ aliases }: ArchivedArtifact): boolean {
    return aliases.some((alias) => this.#names.has(keyOf(alias)));
  }

  /** Whether a signed list of the artifact's files has a file with this digest. */
  isFileOf({ aliases }: ArchivedArtifact, file: AliasName): boolean {
    return aliases.some((alias) => this.isListed(alias, file));
  }

  #add(manifest: OmsManifest): void {
    const { root, resources } = manifest;
    const { python, specification } = rootCandidates(resources, nodeSha256);
    const [only, ...more] = resources;
    const names = [root, python, specification, manifestId(resources, nodeSha256)].map((value) => `sha256:${value}`);
    if (only && more.length === 0 && !only.shard) names.push(`${only.algorithm}:${only.digest}`);
    const files = resources.filter(({ shard }) => !shard).map(({ algorithm, digest }) => `${algorithm}:${digest}`);
    for (const name of names) {
      const known = this.#names.get(name) ?? new Set<string>();
      const listed = this.#files.get(name) ?? new Set<string>();
      for (const other of names) known.add(other);
      for (const file of files) listed.add(file);
      this.#names.set(name, known);
      this.#files.set(name, listed);
    }
  }
}
