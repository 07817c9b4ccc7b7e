import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { formatCheckpoint } from '#lib/tlog/checkpoint.ts';
import { CompactRange } from '#lib/tlog/compact-range.ts';
import { encodeEntryBundle } from '#lib/tlog/entry-bundle.ts';
import { hashLeaf } from '#lib/tlog/hash.ts';
import { formatNote } from '#lib/tlog/note.ts';
import { subtreeRoot, TILE_WIDTH, tileWidth } from '#lib/tlog/tile.ts';

/** A tile log in memory with a key of its own: honest, unless a test signs something else with that key. */
export class MintedLog {
  readonly origin: string;
  readonly privateKey: KeyObject;
  readonly publicKey: Buffer;
  readonly rawKey: Buffer;
  readonly logId: Buffer;
  readonly entries: Uint8Array[] = [];
  readonly #levels: Uint8Array[][] = [[]];
  readonly #range = CompactRange.empty(nodeSha256);
  readonly #roots = new Map<number, Uint8Array>();

  constructor(origin = 'log.example', keys = generateKeyPairSync('ed25519')) {
    this.origin = origin;
    this.privateKey = keys.privateKey;
    this.publicKey = keys.publicKey.export({ type: 'spki', format: 'der' });
    this.rawKey = this.publicKey.subarray(-32);
    this.logId = createHash('sha256')
      .update(`${origin}\n`)
      .update(Buffer.from([1]))
      .update(this.rawKey)
      .digest();
  }

  get size(): number {
    return this.entries.length;
  }

  add(...entries: readonly Uint8Array[]): this {
    for (const entry of entries) {
      this.entries.push(entry);
      const leaf = hashLeaf(entry, nodeSha256);
      this.#range.append(leaf);
      this.#roots.set(this.size, this.#range.root());
      this.#push(0, leaf);
    }
    return this;
  }

  root(size = this.size): Uint8Array {
    return this.#roots.get(size) ?? CompactRange.empty(nodeSha256).root();
  }

  /** The signed note of a size; `root` and `origin` may be false. */
  checkpoint(size = this.size, { root = this.root(size), origin = this.origin } = {}): Buffer {
    const text = formatCheckpoint({ origin, size, root, extensions: [] });
    return Buffer.from(formatNote(text, [this.signature(text)]));
  }

  signature(text: Uint8Array, name = this.origin) {
    return { name, keyId: this.logId.readUInt32BE(0), signature: sign(null, text, this.privateKey) };
  }

  tile(level: number, index: number, size = this.size): Buffer {
    const start = index * TILE_WIDTH;
    const hashes = this.#levels[level]?.slice(start, start + tileWidth(level, index, size)) ?? [];
    return Buffer.concat(hashes);
  }

  bundle(index: number, size = this.size): Buffer {
    const start = index * TILE_WIDTH;
    return Buffer.from(encodeEntryBundle(this.entries.slice(start, start + tileWidth(0, index, size))));
  }

  #push(level: number, node: Uint8Array): void {
    const nodes = this.#levels[level] ?? [];
    this.#levels[level] = nodes;
    nodes.push(node);
    if (nodes.length % TILE_WIDTH === 0) this.#push(level + 1, subtreeRoot(nodes.slice(-TILE_WIDTH), nodeSha256));
  }
}
