import { nobleSha256, type Sha256 } from '#lib/tlog/hash.ts';
import { fromHex, toHex } from '#lib/tlog/hex.ts';
import type { OmsResource } from './resource.ts';

/**
 * Which rule the order of a manifest follows. `python`: path component by component, as model_signing sorts.
 * `specification`: the whole name as one string, as the OMS specification (5.2.1) and the Go client sort.
 * They differ only where a name has a character below `/` beside a folder of the same name.
 */
export type RootOrder = 'both' | 'python' | 'specification' | 'neither';

export interface RootCandidates {
  readonly python: string;
  readonly specification: string;
}

type Comparison = (a: OmsResource, b: OmsResource) => number;

/**
 * The OMS root: SHA-256 over the digests in the order given, in lowercase hex.
 * Names and the left-out paths are not part of it, and it is SHA-256 whatever hash the files have.
 */
export function rootOf(resources: readonly Pick<OmsResource, 'digest'>[], sha256: Sha256 = nobleSha256): string {
  const digests = resources.map((resource) => fromHex(resource.digest));
  const all = new Uint8Array(digests.reduce((total, digest) => total + digest.length, 0));
  let at = 0;
  for (const digest of digests) {
    all.set(digest, at);
    at += digest.length;
  }
  return toHex(sha256(all));
}

/** Both roots that a signer can have given the same files: what to look a model up by without its bundle. */
export function rootCandidates(resources: readonly OmsResource[], sha256: Sha256 = nobleSha256): RootCandidates {
  return {
    python: rootOf(inPythonOrder(resources), sha256),
    specification: rootOf(inSpecificationOrder(resources), sha256),
  };
}

/** As model_signing lists resources: what to sign, so that the reference client finds the root that it would make. */
export function inPythonOrder<R extends OmsResource>(resources: readonly R[]): R[] {
  return [...resources].sort(comparePython);
}

export function inSpecificationOrder<R extends OmsResource>(resources: readonly R[]): R[] {
  return [...resources].sort(compareSpecification);
}

export function orderOf(resources: readonly OmsResource[]): RootOrder {
  const python = isSorted(resources, comparePython);
  const specification = isSorted(resources, compareSpecification);
  if (python && specification) return 'both';
  return python ? 'python' : specification ? 'specification' : 'neither';
}

function isSorted(resources: readonly OmsResource[], compare: Comparison): boolean {
  return resources.every((resource, i) => {
    const before = resources[i - 1];
    return !before || compare(before, resource) <= 0;
  });
}

/** A `/` below every other character is the same as comparing the components one after the other. */
const comparePython: Comparison = (a, b) =>
  compareText(a.shard?.path ?? a.name, b.shard?.path ?? b.name, (unit) => (unit === 0x2f ? -1 : codePointRank(unit))) ||
  (a.shard?.start ?? 0) - (b.shard?.start ?? 0) ||
  (a.shard?.end ?? 0) - (b.shard?.end ?? 0);

const compareSpecification: Comparison = (a, b) => compareText(a.name, b.name, codePointRank);

function compareText(a: string, b: string, rank: (unit: number) => number): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [left, right] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** UTF-16 puts characters past U+FFFF (surrogates) before U+E000; code points, and UTF-8, put them after. */
function codePointRank(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}
