/** Grows one log of the stack with noise, keeps the checkpoints it signs on the way, and writes its tile tree into the fixture. */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StoryLogFacts } from './facts.ts';
import type { Noise, NoiseKind } from './noise.ts';
import type { LogName, Stack } from './stack.ts';
import {
  bundlePaths,
  leafHash,
  merkleRoot,
  noteKeyId,
  openCheckpoint,
  parseBundle,
  signCheckpoint,
  tiles,
} from './tree.ts';

export class LogRecorder {
  readonly #stack: Stack;
  readonly #noise: Noise;
  readonly #name: LogName;
  readonly #kinds: readonly NoiseKind[];
  readonly #notes = new Map<number, string>();
  #noiseWritten = 0;

  constructor(stack: Stack, noise: Noise, name: LogName, kinds: readonly NoiseKind[]) {
    this.#stack = stack;
    this.#noise = noise;
    this.#name = name;
    this.#kinds = kinds;
  }

  /** Keeps the log's checkpoint of now. Writers wait for the checkpoint over their entry, so it holds all that was written. */
  async keepCheckpoint(): Promise<number> {
    const note = (await this.#stack.read(this.#name, 'checkpoint')).toString();
    const size = Number(note.split('\n')[1]);
    this.#notes.set(size, note);
    return size;
  }

  /** Writes noise until the log has `size` entries, and keeps the checkpoint of exactly that size. */
  async growTo(size: number): Promise<void> {
    const current = Number((await this.#stack.read(this.#name, 'checkpoint')).toString().split('\n')[1]);
    if (current > size) throw new Error(`${this.#name} has ${current} entries already, not ${size}`);
    await this.#noise.write(this.#name, size - current, this.#kinds);
    this.#noiseWritten += size - current;
    this.#notes.set(size, await this.#stack.checkpoint(this.#name, size));
  }

  /**
   * Writes the log as it is now to `<directory>/log/<origin>/`, with `added` entries behind the server's own, for which the
   * log's key signs here: a server refuses to log what it does not know, and a monitor must not rely on that.
   * @param splitSizes kept sizes for which the log's key also signs another root
   */
  async write(directory: string, added: readonly Buffer[], splitSizes: readonly number[]): Promise<StoryLogFacts> {
    const serverSize = await this.keepCheckpoint();
    const entries = await this.#entries(serverSize);
    const own = createPrivateKey(readFileSync(this.#stack.path(`keys/${this.#name}.pem`)));
    const publicKey = createPublicKey(own);
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    const origin = (this.#notes.get(serverSize) ?? '').split('\n')[0] ?? '';
    const logId = noteKeyId(origin, spki.subarray(-32));
    const sign = (size: number, root: Buffer): string => signCheckpoint(origin, size, root, own, logId);

    const all = [...entries, ...added];
    const leaves = all.map(leafHash);
    const root = merkleRoot(leaves);
    if (added.length > 0) this.#notes.set(all.length, sign(all.length, root));
    for (const [size, note] of this.#notes) {
      const opened = openCheckpoint(note, publicKey);
      if (opened.size !== size || !opened.root.equals(merkleRoot(leaves.slice(0, size)))) {
        throw new Error(`the checkpoint of ${size} entries is not the one that the entries give`);
      }
    }

    const folder = join(directory, 'log', origin);
    for (const [path, bytes] of tiles(all)) save(join(folder, path), bytes);
    for (const [size, note] of this.#notes) save(join(folder, 'checkpoints', String(size)), note);
    for (const size of splitSizes) {
      const other = leaves
        .slice(0, size)
        .map((leaf, i) => (i === 3 ? leafHash(Buffer.from('not what was logged')) : leaf));
      save(join(folder, 'split-view', String(size)), sign(size, merkleRoot(other)));
    }
    return {
      origin,
      server: this.#stack.endpoints[this.#name],
      keyDetails: 'PKIX_ED25519',
      publicKey: spki.toString('base64'),
      logId: logId.toString('hex'),
      size: all.length,
      root: root.toString('base64'),
      serverSize,
      checkpoints: [...this.#notes.keys()].sort((a, b) => a - b),
      splitView: splitSizes,
      noise: this.#noiseWritten,
    };
  }

  /** All entries of the log, once its own tiles were found to be those that the entries give. */
  async #entries(size: number): Promise<Buffer[]> {
    const entries: Buffer[] = [];
    for (const path of bundlePaths(size)) entries.push(...parseBundle(await this.#stack.read(this.#name, path)));
    for (const [path, expected] of tiles(entries)) {
      if (!expected.equals(await this.#stack.read(this.#name, path)))
        throw new Error(`${path} of ${this.#name} differs`);
    }
    return entries;
  }
}

function save(path: string, content: Buffer | string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
