import { FetchError } from '#lib/rekor/fetch-error.ts';
import type { TileSource } from '#lib/rekor/tile-client.ts';
import { tileWidth } from '#lib/tlog/tile.ts';
import type { MintedLog } from './minted-log.ts';

/** What a test may put in the place of an honest answer; undefined leaves it. */
export type Tamper = (path: string, honest: () => Uint8Array) => Uint8Array | undefined;

/** Serves a minted log without a network, at a size that the test moves. */
export class MintedSource implements TileSource {
  readonly log: MintedLog;
  size: number;
  tamper: Tamper = () => undefined;
  /** Paths asked for, in order. */
  readonly asked: string[] = [];

  constructor(log: MintedLog, size = log.size) {
    this.log = log;
    this.size = size;
  }

  async checkpoint(): Promise<Uint8Array> {
    return this.#answer('checkpoint', () => this.log.checkpoint(this.size));
  }

  async tile(level: number, index: number, width: number): Promise<Uint8Array> {
    this.#requireWidth(level, index, width);
    return this.#answer(`tile/${level}/${index}.${width}`, () =>
      this.log.tile(level, index, this.size).subarray(0, width * 32),
    );
  }

  async entryBundle(index: number, width: number): Promise<Uint8Array> {
    this.#requireWidth(0, index, width);
    return this.#answer(`entries/${index}.${width}`, () => this.log.bundle(index, this.size));
  }

  /** A tile wider than the log has is never there; asking for one is the caller's mistake. */
  #requireWidth(level: number, index: number, width: number): void {
    const there = tileWidth(level, index, this.size);
    if (width <= there) return;
    throw new FetchError(
      'not-found',
      `tile/${level}/${index}`,
      `tile ${level}/${index} has ${there} hashes, not ${width}`,
    );
  }

  #answer(path: string, honest: () => Uint8Array): Uint8Array {
    this.asked.push(path);
    return this.tamper(path, honest) ?? honest();
  }
}
