/**
 * A whole tile tree in memory (C2SP tlog-tiles), from its entries. Written apart from lib/tlog, which the fixture tests,
 * and by the definition of RFC 6962 section 2.1 rather than with a compact range.
 */
import { createHash, type KeyObject, sign, verify } from 'node:crypto';

const TILE_WIDTH = 256;
const HASH_SIZE = 32;

/** SHA-256(0x00 || entry). */
export function leafHash(entry: Buffer): Buffer {
  return createHash('sha256')
    .update(Buffer.from([0]))
    .update(entry)
    .digest();
}

/** The Merkle tree hash over leaf hashes. */
export function merkleRoot(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return createHash('sha256').digest();
  if (leaves.length === 1) return only;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return createHash('sha256')
    .update(Buffer.from([1]))
    .update(merkleRoot(leaves.slice(0, split)))
    .update(merkleRoot(leaves.slice(split)))
    .digest();
}

/** Each resource of the tree at the size of `entries`: full tiles and bundles, and the last, partial ones. Path to bytes. */
export function tiles(entries: readonly Buffer[]): Map<string, Buffer> {
  const out = new Map<string, Buffer>();
  for (let first = 0; first < entries.length; first += TILE_WIDTH) {
    const bundle = entries.slice(first, first + TILE_WIDTH);
    out.set(`tile/entries/${tileNumber(first / TILE_WIDTH, bundle.length)}`, entryBundle(bundle));
  }
  let hashes = entries.map(leafHash);
  for (let level = 0; hashes.length > 0; level += 1) {
    const above: Buffer[] = [];
    for (let first = 0; first < hashes.length; first += TILE_WIDTH) {
      const tile = hashes.slice(first, first + TILE_WIDTH);
      out.set(`tile/${level}/${tileNumber(first / TILE_WIDTH, tile.length)}`, Buffer.concat(tile));
      if (tile.length === TILE_WIDTH) above.push(merkleRoot(tile));
    }
    hashes = above;
  }
  return out;
}

/** Paths of the entry bundles of a tree of `size` entries, in order. */
export function bundlePaths(size: number): string[] {
  return Array.from({ length: Math.ceil(size / TILE_WIDTH) }, (_, n) => {
    return `tile/entries/${tileNumber(n, Math.min(TILE_WIDTH, size - n * TILE_WIDTH))}`;
  });
}

/** The entries of a bundle: each a big-endian 16-bit length and as many bytes. */
export function parseBundle(bundle: Buffer): Buffer[] {
  const entries: Buffer[] = [];
  for (let at = 0; at < bundle.length; ) {
    const end = at + 2 + bundle.readUInt16BE(at);
    if (end > bundle.length) throw new Error(`entry ${entries.length} of the bundle is cut short`);
    entries.push(bundle.subarray(at + 2, end));
    at = end;
  }
  return entries;
}

/** The hashes of a level-0 tile or any other. */
export function parseTile(tile: Buffer): Buffer[] {
  return Array.from({ length: tile.length / HASH_SIZE }, (_, i) => tile.subarray(i * HASH_SIZE, (i + 1) * HASH_SIZE));
}

/** The key id of an Ed25519 note signature, whole (Rekor v2's log id); a signature line carries its first four bytes. */
export function noteKeyId(origin: string, rawPublicKey: Buffer): Buffer {
  return createHash('sha256')
    .update(`${origin}\n`)
    .update(Buffer.from([1]))
    .update(rawPublicKey)
    .digest();
}

/** A checkpoint note signed with the log's own Ed25519 key. */
export function signCheckpoint(origin: string, size: number, root: Buffer, key: KeyObject, keyId: Buffer): string {
  const text = `${origin}\n${size}\n${root.toString('base64')}\n`;
  const signature = sign(null, Buffer.from(text), key);
  return `${text}\n— ${origin} ${Buffer.concat([keyId.subarray(0, 4), signature]).toString('base64')}\n`;
}

export interface OpenedCheckpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

/** Opens a checkpoint note of one Ed25519 signature. Throws unless the key signed it. */
export function openCheckpoint(note: string, key: KeyObject): OpenedCheckpoint {
  const [origin = '', size = '', root = ''] = note.split('\n');
  const [, name = '', encoded = ''] = /\n\n— (\S+) (\S+)\n$/.exec(note) ?? [];
  const text = note.slice(0, note.indexOf('\n\n') + 1);
  const signature = Buffer.from(encoded, 'base64').subarray(4);
  if (name !== origin || !verify(null, Buffer.from(text), key, signature))
    throw new Error(`bad checkpoint of ${origin}`);
  return { origin, size: Number(size), root: Buffer.from(root, 'base64') };
}

function entryBundle(entries: readonly Buffer[]): Buffer {
  return Buffer.concat(
    entries.flatMap((entry) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(entry.length);
      return [length, entry];
    }),
  );
}

/** `x001/x234/067`, with `.p/<width>` behind it for a partial tile. */
function tileNumber(n: number, width: number): string {
  let path = String(n % 1000).padStart(3, '0');
  for (let rest = Math.floor(n / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    path = `x${String(rest % 1000).padStart(3, '0')}/${path}`;
  }
  return width === TILE_WIDTH ? path : `${path}.p/${width}`;
}
