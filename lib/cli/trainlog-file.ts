import { type FileHandle, open, rm } from 'node:fs/promises';
import { TRAINING_LOG_FORMAT } from '#lib/training-log/entry.ts';
import { TrainingLogError } from '#lib/training-log/training-log-error.ts';
import { TrainingLogTree } from '#lib/training-log/tree.ts';
import { UsageError } from './command.ts';
import { printError } from './output.ts';
import { lockTrainingLog } from './trainlog-lock.ts';
import { nodeSha256, streamTrainingLog } from './trainlog-read.ts';
import { readState, statePath, type TrainingLogState, writeState } from './trainlog-state.ts';

/** An entry as it is asked for; the log adds its number, and its time where none is given. */
export type NewEntry = Readonly<Record<string, unknown>> & { readonly kind: string };

export interface OpenOptions {
  /** The run of a new log; null where no log may be made. */
  readonly run: string | null;
  /** Take the log as it stands, whatever its state file says. */
  readonly adopt: boolean;
}

/** A training log that this process writes to; nobody else can meanwhile. */
export class TrainingLogFile {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #unlock: () => Promise<void>;
  readonly #tree: TrainingLogTree;
  #bytes: number;
  readonly #taken: Buffer[] = [];

  private constructor(path: string, file: FileHandle, unlock: () => Promise<void>, from: Opened) {
    this.#path = path;
    this.#file = file;
    this.#unlock = unlock;
    this.#tree = from.tree;
    this.#bytes = from.bytes;
  }

  /** @throws {TrainingLogError} for a log that is sealed, broken or changed; @throws {UsageError} otherwise. */
  static async open(path: string, options: OpenOptions): Promise<TrainingLogFile> {
    const unlock = await lockTrainingLog(path);
    let file: FileHandle | null = null;
    try {
      file = await openFile(path);
      const existing = file !== null;
      if (file === null) file = await createFile(path, options);
      const opened = existing
        ? await resume(path, file, options)
        : { tree: new TrainingLogTree(null, nodeSha256), bytes: 0 };
      const log = new TrainingLogFile(path, file, unlock, opened);
      if (!existing) await log.#begin(options.run ?? '');
      return log;
    } catch (error) {
      await file?.close();
      await unlock();
      throw error;
    }
  }

  get tree(): { readonly size: number; readonly root: string } {
    return { size: this.#tree.size, root: this.#tree.root() };
  }

  /**
   * Takes entries in; `flush` brings them to the disk.
   *
   * @throws {TrainingLogError} for an entry that cannot stand in a log; it is not taken then.
   */
  take({ kind, at = Date.now(), ...fields }: NewEntry): void {
    const line = Buffer.from(JSON.stringify({ seq: this.#tree.size, at, kind, ...fields }));
    this.#tree.takeEntry(line);
    this.#taken.push(line);
  }

  /** Takes a line that states the root so far: of the kind `root`, or `seal`, behind which nothing is written. */
  takeRoot(kind: 'root' | 'seal'): void {
    this.take({ kind, ...this.tree });
  }

  /** When this resolves, the disk has all that was taken. @throws {TrainingLogError} where the file was changed meanwhile. */
  async flush(): Promise<void> {
    const lines = this.#taken.splice(0);
    if (lines.length === 0) return;
    const { size } = await this.#file.stat();
    if (size !== this.#bytes) throw changed(this.#path, `it has ${size} bytes, and should have ${this.#bytes}`);
    const content = Buffer.concat(lines.flatMap((line) => [line, NEWLINE]));
    await writeWhole(this.#file, content, this.#bytes);
    await this.#file.datasync();
    this.#bytes += content.length;
    await saveState(this.#path, this.#file, { tree: this.#tree, bytes: this.#bytes });
  }

  async close(): Promise<void> {
    await this.#file.close();
    await this.#unlock();
  }

  async #begin(run: string): Promise<void> {
    const line = Buffer.from(JSON.stringify({ format: TRAINING_LOG_FORMAT, run, createdAt: Date.now() }));
    try {
      this.#tree.takeHeader(line);
    } catch (error) {
      await rm(this.#path, { force: true });
      throw error;
    }
    this.#taken.push(line);
    await this.flush();
  }
}

interface Opened {
  readonly tree: TrainingLogTree;
  readonly bytes: number;
}

const NEWLINE = Buffer.from('\n');

async function openFile(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new UsageError(`The training log cannot be opened: ${(error as Error).message}.`);
  }
}

async function createFile(path: string, { run }: OpenOptions): Promise<FileHandle> {
  if (run === null) throw new UsageError(`There is no training log ${path}.`);
  try {
    return await open(path, 'wx+');
  } catch (error) {
    throw new UsageError(`The training log cannot be made: ${(error as Error).message}.`);
  }
}

/** Goes on from the state where nothing touched the file since, else from the file, held against the state. */
async function resume(path: string, file: FileHandle, { adopt }: OpenOptions): Promise<Opened> {
  const state = adopt ? null : await stateOf(path);
  const isUntouched = state !== null && state.file === (await identityOf(file));
  const opened = isUntouched
    ? { tree: new TrainingLogTree({ range: state.range, seal: state.seal }, nodeSha256), bytes: state.bytes }
    : await readAgain(path, file, state);
  if (opened.tree.seal) {
    throw new TrainingLogError('behind-seal', `${path} is sealed: nothing can be appended. Begin another log.`);
  }
  if (!isUntouched) await saveState(path, file, opened);
  return opened;
}

async function stateOf(path: string): Promise<TrainingLogState> {
  return await readState(path).catch((error: Error) => {
    if (error instanceof TrainingLogError) throw error;
    throw new UsageError(
      `${error.message} Without ${statePath(path)} nothing tells whether the log was changed. If you trust what stands in it, append with --adopt.`,
    );
  });
}

async function readAgain(path: string, file: FileHandle, state: TrainingLogState | null): Promise<Opened> {
  const { tree, bytes, torn, roots } = await streamTrainingLog(file, { sizes: state ? [state.range.size] : [] });
  if (state) {
    const [root] = roots;
    const before = new TrainingLogTree({ range: state.range, seal: state.seal });
    if (root !== before.root()) throw changed(path, `its first ${state.range.size} lines are not what was written`);
    const more = tree.size - state.range.size;
    if (more > 0)
      printError(`${path}: ${more} whole lines stand behind the last saved state, as after a crash. They are kept.`);
  }
  if (torn > 0) {
    await file.truncate(bytes);
    await file.datasync();
    printError(`${path}: the last line was not written whole; its ${torn} bytes were cut off.`);
  }
  return { tree, bytes };
}

async function saveState(path: string, file: FileHandle, { tree, bytes }: Opened): Promise<void> {
  await writeState(path, { bytes, range: tree.range, seal: tree.seal, file: await identityOf(file) });
}

/** Whatever writes to a file, or puts another in its place, changes one of these. */
async function identityOf(file: FileHandle): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await file.stat({ bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

async function writeWhole(file: FileHandle, content: Buffer, at: number): Promise<void> {
  for (let written = 0; written < content.length; ) {
    const { bytesWritten } = await file.write(content, written, content.length - written, at + written);
    written += bytesWritten;
  }
}

function changed(path: string, how: string): TrainingLogError {
  const message = `${path} was changed behind its state: ${how}. Nothing was appended. Keep both files as they are, and find out who did it.`;
  return new TrainingLogError('changed', message);
}
