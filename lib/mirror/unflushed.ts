import { dirname, join } from 'node:path';
import type { MirrorFiles } from './files.ts';

/** Files flushed at once: their flushes share the commits of the file system's journal. */
const PARALLEL = 16;

/** Writes files below a folder, and puts all that was written on the disk when asked: once for many files. */
export class UnflushedFiles {
  readonly #files: MirrorFiles;
  readonly #folder: string;
  readonly #written = new Set<string>();
  /** Folders with names that are not on the disk yet. */
  readonly #folders = new Set<string>();
  readonly #made = new Set<string>();

  constructor(files: MirrorFiles, folder: string) {
    this.#files = files;
    this.#folder = folder;
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    const folder = dirname(path);
    if (!this.#made.has(folder)) {
      await this.#files.makeFolder(join(this.#folder, folder));
      this.#made.add(folder);
      // Which of those above it are new is not known: each is flushed once.
      for (let at = folder; at !== '.'; at = dirname(at)) this.#folders.add(dirname(at));
    }
    this.#folders.add(folder);
    this.#written.add(path);
    await this.#files.write(join(this.#folder, path), bytes);
  }

  /** After this all that was written is durable: contents first, then the names. */
  async flush(): Promise<void> {
    for (const paths of [this.#written, this.#folders]) {
      const rest = [...paths];
      const worker = async () => {
        for (let path = rest.pop(); path !== undefined; path = rest.pop()) {
          await this.#files.flush(join(this.#folder, path));
        }
      };
      await Promise.all(Array.from({ length: PARALLEL }, worker));
      paths.clear();
    }
  }

  /** That a folder was removed: its name goes for good with the next flush. */
  removed(folder: string): void {
    this.#made.delete(folder);
    this.#folders.delete(folder);
    this.#folders.add(dirname(folder));
  }
}
