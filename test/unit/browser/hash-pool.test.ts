import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type FileOutcome, type HashWorker, hashFiles, type PoolOptions } from '#lib/browser/hash-pool.ts';
import { type HashTask, runTask } from '#lib/browser/hash-task.ts';
import { HasherStore } from '#lib/browser/hasher.ts';
import type { PickedFile } from '#lib/browser/picked-file.ts';
import { mintBytes } from '#test/factories.ts';

/** A worker in this thread; it dies of a task that `diesOf` names. */
class LocalWorker extends EventTarget implements HashWorker {
  static alive = 0;
  readonly #diesOf: (task: HashTask) => boolean;
  readonly #store = new HasherStore();
  #isEnded = false;

  constructor(diesOf: (task: HashTask) => boolean = () => false) {
    super();
    this.#diesOf = diesOf;
    LocalWorker.alive++;
  }

  postMessage(task: HashTask): void {
    queueMicrotask(() => {
      if (this.#diesOf(task)) return void this.dispatchEvent(new Event('error'));
      void runTask(task, this.#store, (data) => {
        if (!this.#isEnded) this.dispatchEvent(new MessageEvent('message', { data }));
      });
    });
  }

  terminate(): void {
    if (!this.#isEnded) LocalWorker.alive--;
    this.#isEnded = true;
  }
}

const MIB = 1024 * 1024;

function pick(path: string, bytes: Uint8Array): PickedFile {
  return { path, file: new File([new Uint8Array(bytes)], path) };
}

const FILES = Array.from({ length: 150 }, (_, i) =>
  pick(`f${i}`, mintBytes(`file ${i}`, i < 3 ? 2 * MIB + i : i * 10)),
);

async function digestOf({ file }: PickedFile): Promise<string> {
  return createHash('sha256')
    .update(new Uint8Array(await file.arrayBuffer()))
    .digest('hex');
}

function options(overrides: Partial<PoolOptions> = {}): PoolOptions {
  return {
    hashType: 'sha256',
    shardSize: null,
    workers: 3,
    createWorker: () => new LocalWorker(),
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onFile: () => undefined,
    ...overrides,
  };
}

const digests = (outcome: FileOutcome | undefined) =>
  outcome && 'pieces' in outcome ? outcome.pieces.map(({ digest }) => digest) : null;

describe('the pool of workers', () => {
  it('hashes every file, tells of each once, and of every byte', async () => {
    const told: number[] = [];
    let bytes = 0;
    const outcomes = await hashFiles(
      FILES,
      options({
        onFile: (index) => told.push(index),
        onProgress: (_, count) => {
          bytes += count;
        },
      }),
    );
    expect(outcomes.map(digests)).toEqual(await Promise.all(FILES.map(async (file) => [await digestOf(file)])));
    expect(told.sort((a, b) => a - b)).toEqual(FILES.map((_, i) => i));
    expect(bytes).toBe(FILES.reduce((total, { file }) => total + file.size, 0));
    expect(LocalWorker.alive).toBe(0);
  });

  it('puts the shards of a file in order, whoever hashed them', async () => {
    const file = pick('large', mintBytes('large', 200_000));
    const [outcome] = await hashFiles([file], options({ shardSize: 65_536 }));
    expect(outcome && 'pieces' in outcome && outcome.pieces.map(({ start, end }) => [start, end])).toEqual([
      [0, 65_536],
      [65_536, 131_072],
      [131_072, 196_608],
      [196_608, 200_000],
    ]);
  });

  it('loses no other file to one that cannot be read', async () => {
    const broken = pick('broken', mintBytes('broken', 3 * MIB));
    const unreadable = Object.assign(broken.file, {
      slice: () => ({ size: 5, arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError')) }),
    });
    const outcomes = await hashFiles([...FILES, { path: 'broken', file: unreadable }], options());
    expect(outcomes.at(-1)).toEqual({ reason: expect.stringContaining('it was changed, moved or locked') });
    expect(outcomes.slice(0, -1).every((outcome) => 'pieces' in outcome)).toBe(true);
  });

  it('goes on without a worker that died, whose files have a reason', async () => {
    const diesOf = ({ stretches }: HashTask) => stretches.some(({ index }) => index === 1);
    const outcomes = await hashFiles(FILES, options({ createWorker: () => new LocalWorker(diesOf) }));
    expect(outcomes[1]).toEqual({ reason: expect.stringContaining('worker that hashed it ended') });
    expect(outcomes.filter((outcome) => 'reason' in outcome)).toHaveLength(1);
    expect(LocalWorker.alive).toBe(0);
  });

  it('ends with a reason for every file where no worker can start', async () => {
    const outcomes = await hashFiles(FILES, options({ createWorker: () => new LocalWorker(() => true) }));
    expect(outcomes.every((outcome) => 'reason' in outcome)).toBe(true);
  });

  it('ends all workers when it is cancelled', async () => {
    const control = new AbortController();
    const running = hashFiles(FILES, options({ signal: control.signal, onFile: () => control.abort() }));
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect(LocalWorker.alive).toBe(0);
  });

  it('starts nothing that is cancelled already, and needs no worker for no file', async () => {
    await expect(hashFiles(FILES, options({ signal: AbortSignal.abort() }))).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(await hashFiles([], options())).toEqual([]);
  });
});
