import { manifestId } from '#lib/model-signing/manifest-id.ts';
import type { OmsManifest } from '#lib/model-signing/oms.ts';
import { rootCandidates } from '#lib/model-signing/roots.ts';
import type { AliasName } from '#lib/provenance/input-name.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import type { VerifiedBundle } from './check-bundles.ts';
import type { ArchivedArtifact } from './documents.ts';

export const keyOf = ({ scheme, value }: AliasName): string => `${scheme}:${value}`;

/** Names that no bytes give are none. */
export function isDigest({ scheme }: AliasName): boolean {
  return scheme !== 'name' && scheme !== 'hf';
}

/** What one signed list of files gives. */
interface SignedList {
  readonly names: ReadonlySet<string>;
  readonly files: ReadonlySet<string>;
}

/**
 * Which digests are of one thing by mathematics: a signed list of files gives its roots in both orders, its manifest id, and
 * the digest of the only file where there is but one.
 */
export class SameThings {
  readonly #lists = new Map<string, SignedList[]>();
  readonly #known = new Set<string>();

  constructor(bundles: Iterable<VerifiedBundle>) {
    for (const { manifest } of bundles) if (manifest) this.#add(manifest);
  }

  /** Whether two digests are shown to be of one thing. */
  areSame(a: AliasName, b: AliasName): boolean {
    return keyOf(a) === keyOf(b) || this.#listsOf(a).some(({ names }) => names.has(keyOf(b)));
  }

  /** Whether a signed list that has the name `list` has a file with this digest. */
  isListed(list: AliasName, file: AliasName): boolean {
    return this.#listsOf(list).some(({ files }) => files.has(keyOf(file)));
  }

  /** Whether a signed list of the artifact's files is there. */
  hasManifest({ aliases }: ArchivedArtifact): boolean {
    return aliases.some((alias) => this.#listsOf(alias).length > 0);
  }

  /** Whether a signed list of the artifact's files has a file with this digest. */
  isFileOf({ aliases }: ArchivedArtifact, file: AliasName): boolean {
    return aliases.some((alias) => this.isListed(alias, file));
  }

  #listsOf(name: AliasName): readonly SignedList[] {
    return this.#lists.get(keyOf(name)) ?? [];
  }

  /** The same list is often signed again and again. */
  #add({ root, resources }: OmsManifest): void {
    const id = manifestId(resources, nodeSha256);
    if (this.#known.has(`${root} ${id}`)) return;
    this.#known.add(`${root} ${id}`);
    const { python, specification } = rootCandidates(resources, nodeSha256);
    const [only, ...more] = resources;
    const names = new Set([root, python, specification, id].map((value) => `sha256:${value}`));
    if (only && more.length === 0 && !only.shard) names.add(`${only.algorithm}:${only.digest}`);
    const files = new Set(resources.filter(({ shard }) => !shard).map((file) => `${file.algorithm}:${file.digest}`));
    for (const name of names) this.#lists.set(name, [...(this.#lists.get(name) ?? []), { names, files }]);
  }
}
