import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { CompactRange } from '#lib/tlog/compact-range.ts';
import { hashLeaf, hashNode } from '#lib/tlog/hash.ts';

/** One Merkle tree (RFC 6962) in memory, of which every size, node and root can be asked for. */
export class MintedTree {
  /** Decimal. */
  readonly treeId: string;
  readonly entries: Uint8Array[] = [];
  readonly #range = CompactRange.empty(nodeSha256);
  readonly #roots: Uint8Array[] = [CompactRange.empty(nodeSha256).root()];
  readonly #nodes = new Map<string, Uint8Array>();

  constructor(treeId: string) {
    this.treeId = treeId;
  }

  get size(): number {
    return this.entries.length;
  }

  add(...entries: readonly Uint8Array[]): this {
    for (const entry of entries) {
      this.entries.push(entry);
      this.#range.append(hashLeaf(entry, nodeSha256));
      this.#roots.push(this.#range.root());
    }
    return this;
  }

  root(size = this.size): Uint8Array {
    return this.#roots[size] ?? new Uint8Array(32);
  }

  /** Root of the 2^level leaves from index * 2^level on. */
  readonly node = (level: number, index: number): Uint8Array => {
    const key = `${level} ${index}`;
    const known = this.#nodes.get(key);
    if (known) return known;
    const node =
      level === 0
        ? hashLeaf(this.entries[index] ?? new Uint8Array(), nodeSha256)
        : hashNode(this.node(level - 1, 2 * index), this.node(level - 1, 2 * index + 1), nodeSha256);
    this.#nodes.set(key, node);
    return node;
  };
}
