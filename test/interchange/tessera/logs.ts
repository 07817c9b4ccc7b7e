import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diskTileSource } from '#lib/mirror/disk-tile-source.ts';
import type { MirrorStore } from '#lib/mirror/store.ts';
import { AuthenticatedTree } from '#lib/rekor/authenticated-tree.ts';
import { readCheckpoint, type SignedCheckpoint } from '#lib/rekor/checkpoint.ts';
import { TAKE_ALL } from '#lib/rekor/log-reader.ts';
import { inlineProcessor } from '#lib/rekor/process-bundle.ts';
import { readBundle } from '#lib/rekor/read-entries.ts';
import { formatCheckpoint } from '#lib/tlog/checkpoint.ts';
import { ecdsaP256Verifier, ed25519Verifier, formatVerifierKey, type LogVerifier } from '#lib/tlog/key.ts';
import { formatNote } from '#lib/tlog/note.ts';
import { TILE_WIDTH } from '#lib/tlog/tile.ts';
import { MintedLog } from '#test/support/minted-log.ts';

/** A log to be mirrored and read again. */
export interface SourceLog {
  readonly label: string;
  readonly origin: string;
  /** What the reader is told of the key. */
  readonly key: { readonly vkey: string } | { readonly spki: string; readonly name: string };
  /** Fills the mirror, and gives the checkpoint to be committed. */
  fill(store: MirrorStore): Promise<SignedCheckpoint>;
}

const LOG = process.env.TILE_LOG ?? '';
const LOG_KEY = process.env.TILE_LOG_KEY ?? '';

/** The log on disk that TILE_LOG (a folder in the layout of tlog-tiles) and TILE_LOG_KEY (its Ed25519 key, PEM) name. */
export function logOnDisk(): SourceLog | null {
  if (!existsSync(join(LOG, 'checkpoint')) || !existsSync(LOG_KEY)) return null;
  const note = readFileSync(join(LOG, 'checkpoint'));
  const origin = note.toString().split('\n')[0] ?? '';
  const raw = createPublicKey(readFileSync(LOG_KEY)).export({ type: 'spki', format: 'der' }).subarray(-32);
  const verifier = ed25519Verifier(origin, raw);
  return {
    label: `the log ${origin} on disk`,
    origin,
    key: { vkey: formatVerifierKey(verifier) },
    fill: (store) => copyVerified(store, note, verifier),
  };
}

/** An Ed25519 log with a full tile of the second level. */
export function ed25519Log(): SourceLog {
  const log = new MintedLog('tiles.models.example').add(...entries(66_000));
  return {
    label: 'a log of 66,000 entries',
    origin: log.origin,
    key: { vkey: formatVerifierKey(ed25519Verifier(log.origin, log.rawKey)) },
    fill: (store) => append(store, log, log.checkpoint().toString()),
  };
}

/** A log that signs as Rekor v1 does: ECDSA, the tree id in the origin, and the host alone on the signature line. */
export function ecdsaLog(): SourceLog {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = 'rekor.models.example';
  const log = new MintedLog(`${name} - 1193050959916656506`).add(...entries(1300));
  const verifier = ecdsaP256Verifier(name, publicKey.export({ type: 'spki', format: 'der' }));
  const text = formatCheckpoint({ origin: log.origin, size: log.size, root: log.root() });
  const note = formatNote(text, [{ name, keyId: verifier.keyId, signature: sign('sha256', text, privateKey) }]);
  return {
    label: 'a log that signs as Rekor v1 does',
    origin: log.origin,
    key: { spki: publicKey.export({ type: 'spki', format: 'pem' }).toString(), name },
    fill: (store) => append(store, log, Buffer.from(note).toString()),
  };
}

function entries(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => Buffer.from(`{"entry":${i},"filling":"${'·'.repeat(i % 200)}"}`));
}

async function append(store: MirrorStore, log: MintedLog, note: string): Promise<SignedCheckpoint> {
  for (let at = 0; at < log.size; at += 1000) await store.append(log.entries.slice(at, at + 1000));
  return { size: log.size, root: log.root(), note, cosignatures: 0, extensions: [] };
}

/** As the tail reads a log: every bundle bound to the signed root, then taken as it is. */
async function copyVerified(store: MirrorStore, note: Uint8Array, verifier: LogVerifier): Promise<SignedCheckpoint> {
  const source = diskTileSource(LOG);
  const checkpoint = readCheckpoint(note, { origin: store.origin, verifiers: [verifier] });
  const tree = await AuthenticatedTree.open(source, checkpoint);
  const processor = inlineProcessor(TAKE_ALL);
  for (let bundle = 0; bundle * TILE_WIDTH < checkpoint.size; bundle++) {
    const { leafHashes } = await readBundle(source, tree, bundle, { skip: 0, end: checkpoint.size }, processor);
    const width = Math.min(TILE_WIDTH, checkpoint.size - bundle * TILE_WIDTH);
    await store.appendBundle(bundle, await source.entryBundle(bundle, width), leafHashes);
  }
  return checkpoint;
}
