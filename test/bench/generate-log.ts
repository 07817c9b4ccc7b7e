import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { formatCheckpoint } from '#lib/tlog/checkpoint.ts';
import { CompactRange } from '#lib/tlog/compact-range.ts';
import { encodeEntryBundle, hashEntryBundle } from '#lib/tlog/entry-bundle.ts';
import { formatNote } from '#lib/tlog/note.ts';
import { entryBundlePath, subtreeRoot, TILE_WIDTH, tilePath } from '#lib/tlog/tile.ts';
import { readCertificate as readFacts } from '#lib/watch/certificate.ts';

export interface GeneratedLog {
  readonly origin: string;
  readonly logId: string;
  readonly publicKey: string;
  /** Identity of one entry in `WATCHED_EVERY`. */
  readonly watched: string;
}

export const WATCHED_EVERY = 2000;

const CERTIFICATES = new URL('../fixtures/certs/', import.meta.url);
const ORIGIN = 'bench.localhost';

/**
 * Writes a tile log of the largest of `sizes` entries with signed checkpoints at all of them, as
 * `<folder>/tile/…` and `<folder>/checkpoints/<size>`. Entries are real Fulcio certificates with fresh serial number,
 * key and signature, so that no two are alike and all are as long as real ones.
 */
export function generateLog(folder: string, sizes: readonly number[]): GeneratedLog {
  const keys = generateKeyPairSync('ed25519');
  const publicKey = keys.publicKey.export({ type: 'spki', format: 'der' });
  const keyHash = createHash('sha256')
    .update(`${ORIGIN}\n`)
    .update(Buffer.from([1]))
    .update(publicKey.subarray(-32));
  const logId = keyHash.digest();
  const noise = [readCertificate('actions.pem'), readCertificate('gitlab.pem')];
  const watched = readCertificate('email.pem');
  const total = Math.max(...sizes);
  const range = CompactRange.empty(nodeSha256);
  const levels: Uint8Array[][] = [];
  for (let start = 0; start < total; start += TILE_WIDTH) {
    const width = Math.min(TILE_WIDTH, total - start);
    const entries = Array.from({ length: width }, (_, i) => {
      const index = start + i;
      return entryOf(index % WATCHED_EVERY === 500 ? watched : (noise[index % noise.length] ?? watched));
    });
    const leaves = hashEntryBundle(entries, nodeSha256);
    write(folder, entryBundlePath(start / TILE_WIDTH, width), encodeEntryBundle(entries));
    write(folder, tilePath(0, start / TILE_WIDTH, width), Buffer.concat(leaves));
    for (const [i, leaf] of leaves.entries()) {
      range.append(leaf);
      const size = start + i + 1;
      if (sizes.includes(size)) {
        const text = formatCheckpoint({ origin: ORIGIN, size, root: range.root(), extensions: [] });
        const signature = sign(null, text, keys.privateKey);
        write(
          folder,
          `checkpoints/${size}`,
          formatNote(text, [{ name: ORIGIN, keyId: logId.readUInt32BE(0), signature }]),
        );
      }
    }
    if (width === TILE_WIDTH) addNode(folder, levels, 1, subtreeRoot(leaves, nodeSha256));
  }
  levels.forEach((nodes, level) => {
    const width = nodes.length % TILE_WIDTH;
    if (width > 0)
      write(folder, tilePath(level, Math.floor(nodes.length / TILE_WIDTH), width), Buffer.concat(nodes.slice(-width)));
  });
  return {
    origin: ORIGIN,
    logId: logId.toString('hex'),
    publicKey: publicKey.toString('base64'),
    watched: sanOf(watched),
  };
}

function addNode(folder: string, levels: Uint8Array[][], level: number, node: Uint8Array): void {
  const nodes = levels[level] ?? [];
  levels[level] = nodes;
  nodes.push(node);
  if (nodes.length % TILE_WIDTH !== 0) return;
  const tile = nodes.slice(-TILE_WIDTH);
  write(folder, tilePath(level, nodes.length / TILE_WIDTH - 1), Buffer.concat(tile));
  addNode(folder, levels, level + 1, subtreeRoot(tile, nodeSha256));
}

/** A certificate with the places where one differs from the next of the same identity. */
interface CertificateTemplate {
  readonly der: Buffer;
  readonly serialAt: number;
  readonly keyAt: number;
}

function sanOf({ der }: CertificateTemplate): string {
  const [san] = readFacts(der).sans;
  if (!san) throw new Error('the watched certificate names nobody');
  return san.value;
}

function readCertificate(name: string): CertificateTemplate {
  const pem = readFileSync(new URL(name, CERTIFICATES), 'utf8');
  const der = Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');
  // Version [0] is 5 bytes behind the two outer headers of 4; then INTEGER and its length.
  const serialAt = 8 + 5 + 2 + 1;
  const keyAt = der.indexOf(Buffer.from('03420004', 'hex')) + 4;
  return { der, serialAt, keyAt };
}

function entryOf({ der, serialAt, keyAt }: CertificateTemplate): Uint8Array {
  const certificate = Buffer.from(der);
  randomBytes(16).copy(certificate, serialAt);
  randomBytes(64).copy(certificate, keyAt);
  randomBytes(28).copy(certificate, certificate.length - 28);
  const signature = Buffer.concat([
    Buffer.from('3044022021', 'hex'),
    randomBytes(31),
    Buffer.from('022022', 'hex'),
    randomBytes(31),
  ]);
  return Buffer.from(
    `{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":{"algorithm":"SHA2_256","digest":"${randomBytes(32).toString('base64')}"},` +
      `"signature":{"content":"${signature.toString('base64')}","verifier":{"keyDetails":"PKIX_ECDSA_P256_SHA_256","x509Certificate":{"rawBytes":"${certificate.toString('base64')}"}}}}}}`,
  );
}

function write(folder: string, path: string, bytes: Uint8Array): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}
