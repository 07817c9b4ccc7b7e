import { inArray } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { bundles } from '#db/schema/bundle.ts';
import type { HashList } from '#lib/hash-list/hash-list.ts';
import { type HeldList, holdAgainst } from '#lib/hash-list/hold-against.ts';
import { SIGNATURE_STATES } from '#lib/provenance/link-state.ts';
import { inBatches } from '#lib/services/graph/batch.ts';
import { bundleFormOf } from '#lib/services/source/bundle-names.ts';
import { isComparable, type KnownVersion, readKnownVersions, readManifest } from './known-version.ts';

/** Files of versions and of the list compared in one answer; the first version is compared whatever it has. */
const FILE_BUDGET = 500_000;

/** `same`: every listed file is there as listed, and no other counts. `partial`: what is there is right. */
export type Closeness = 'same' | 'partial' | 'near' | 'not-comparable';

export interface Compared {
  readonly version: KnownVersion;
  readonly closeness: Closeness;
  /** Null where the two cannot be compared. */
  readonly held: HeldList | null;
  readonly matching: number;
  /** How the version was hashed, to hash the files again so. */
  readonly shardSize: number | null;
}

/** Holds the list against these versions, in their order as far as the budget goes. @returns the closest first. */
export function compareWith(db: Db, list: HashList, versionIds: readonly string[]): Compared[] {
  const isSignature = signatureTest(db, list);
  const known = new Map(readKnownVersions(db, versionIds).map((version) => [version.versionId, version]));
  let budget = FILE_BUDGET;
  const compared: Compared[] = [];
  for (const id of versionIds) {
    const version = known.get(id);
    if (!version) continue;
    const cost = version.fileCount + list.files.length;
    if (compared.length > 0 && cost > budget) continue;
    budget -= cost;
    compared.push(compare(db, list, version, isSignature));
  }
  return compared.sort(byCloseness);
}

function compare(db: Db, list: HashList, version: KnownVersion, isSignature: SignatureTest): Compared {
  const manifest = readManifest(db, version);
  const { shardSize } = manifest;
  if (!isComparable(list, version, manifest)) {
    return { version, closeness: 'not-comparable', held: null, matching: 0, shardSize };
  }
  const held = holdAgainst(list, manifest, { isSignature });
  return { version, closeness: closenessOf(held), held, matching: held.counts.matches, shardSize };
}

function closenessOf({ counts }: HeldList): Closeness {
  if (counts.differs + counts.renamed + counts.extra > 0 || counts.matches === 0) return 'near';
  return counts.missing + counts['left-out'] + counts['no-digest'] > 0 ? 'partial' : 'same';
}

const ORDER: readonly Closeness[] = ['same', 'partial', 'near', 'not-comparable'];
const SEEN: readonly KnownVersion['seenAs'][] = ['signed', 'registered', 'observed'];

function byCloseness(a: Compared, b: Compared): number {
  return (
    ORDER.indexOf(a.closeness) - ORDER.indexOf(b.closeness) ||
    b.matching - a.matching ||
    SIGNATURE_STATES.indexOf(a.version.signature) - SIGNATURE_STATES.indexOf(b.version.signature) ||
    SEEN.indexOf(a.version.seenAs) - SEEN.indexOf(b.version.seenAs) ||
    b.version.at - a.version.at ||
    (a.version.versionId < b.version.versionId ? -1 : 1)
  );
}

type SignatureTest = (path: string, digest: string | null) => boolean;

/** A signature beside the files is no file of the model: it is one that is stored here, or has the name of one. */
function signatureTest(db: Db, list: HashList): SignatureTest {
  const read = inBatches((digests) =>
    db.select({ sha256: bundles.sha256 }).from(bundles).where(inArray(bundles.sha256, digests)).prepare(),
  );
  const isWhole = list.hashType === 'sha256' && list.shardSize === null;
  const digests = isWhole ? list.files.flatMap((file) => file.digests.map(({ digest }) => digest)) : [];
  const stored = new Set(read(digests).map(({ sha256 }) => sha256));
  return (path, digest) => {
    if (digest !== null && stored.has(digest)) return true;
    const name = path.startsWith('../') ? path.slice(3) : path;
    return !name.includes('/') && bundleFormOf(name) === 'bundle';
  };
}
