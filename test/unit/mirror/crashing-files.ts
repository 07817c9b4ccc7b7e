import { dirname } from 'node:path';
import type { MirrorFiles } from '#lib/mirror/files.ts';

/** The process was killed. */
export class Killed extends Error {}

interface Inode {
  /** Null for a folder. */
  bytes: Uint8Array | null;
  /** Content that a power cut leaves for certain; undefined while none was flushed. */
  flushed: Uint8Array | null | undefined;
}

/**
 * A file system in memory that can be killed at any step, and that after a power cut keeps for certain only what was
 * flushed: contents by flushing the file, names by flushing their folder. Of everything else chance decides, piece by piece.
 */
export class CrashingFiles implements MirrorFiles {
  #names = new Map<string, Inode>([['/', { bytes: null, flushed: null }]]);
  #flushedNames = new Map(this.#names);
  /** Steps that change something until the process is killed. */
  stepsLeft = Number.POSITIVE_INFINITY;
  steps = 0;

  async read(path: string): Promise<Uint8Array | null> {
    return this.#names.get(path)?.bytes?.slice() ?? null;
  }

  async size(path: string): Promise<number | null> {
    return this.#names.get(path)?.bytes?.length ?? null;
  }

  async list(folder: string): Promise<string[]> {
    return this.#below(this.#names, folder).map((path) => path.slice(folder.length + 1));
  }

  async makeFolder(folder: string): Promise<void> {
    this.#step();
    for (let at = folder; at !== dirname(at); at = dirname(at)) {
      if (!this.#names.has(at)) this.#names.set(at, { bytes: null, flushed: null });
    }
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    if (!this.#names.has(dirname(path))) throw new Error(`ENOENT: ${path}`);
    const inode = this.#names.get(path) ?? { bytes: new Uint8Array(), flushed: undefined };
    this.#names.set(path, inode);
    // Killed half-way through the write.
    if (this.stepsLeft === 0) inode.bytes = new Uint8Array(bytes.subarray(0, bytes.length / 2));
    this.#step();
    inode.bytes = new Uint8Array(bytes);
  }

  async flush(path: string): Promise<void> {
    this.#step();
    const inode = this.#names.get(path);
    if (!inode) throw new Error(`ENOENT: ${path}`);
    inode.flushed = inode.bytes;
    if (inode.bytes !== null) return;
    for (const below of this.#below(this.#flushedNames, path)) this.#flushedNames.delete(below);
    for (const below of this.#below(this.#names, path)) {
      const named = this.#names.get(below);
      if (named) this.#flushedNames.set(below, named);
    }
  }

  async rename(from: string, to: string): Promise<void> {
    this.#step();
    const inode = this.#names.get(from);
    if (!inode) throw new Error(`ENOENT: ${from}`);
    this.#names.delete(from);
    this.#names.set(to, inode);
  }

  async remove(path: string): Promise<void> {
    this.#step();
    for (const name of [...this.#names.keys()]) {
      if (name === path || name.startsWith(`${path}/`)) this.#names.delete(name);
    }
  }

  /** What a reader finds after the power was cut, where `chance` says whether a piece that was not flushed is there. */
  cutPower(chance: () => boolean): void {
    const kept = new Map<string, Inode>();
    const paths = [...new Set([...this.#names.keys(), ...this.#flushedNames.keys()])].sort();
    for (const path of paths) {
      const [now, flushed] = [this.#names.get(path), this.#flushedNames.get(path)];
      const inode = now === flushed || chance() ? now : flushed;
      if (!inode || (path !== '/' && !kept.has(dirname(path)))) continue;
      if (inode.bytes !== inode.flushed && inode.bytes !== null) {
        if (chance()) inode.bytes = chance() ? (inode.flushed ?? new Uint8Array()) : inode.bytes.slice(0, -1);
        inode.flushed = inode.bytes;
      }
      kept.set(path, inode);
    }
    this.#names = kept;
    this.#flushedNames = new Map(kept);
    this.stepsLeft = Number.POSITIVE_INFINITY;
  }

  /** Every file with its content. */
  contents(): Map<string, Uint8Array> {
    return new Map([...this.#names].flatMap(([path, { bytes }]) => (bytes ? [[path, bytes] as const] : [])));
  }

  #step(): void {
    if (this.stepsLeft <= 0) throw new Killed('killed');
    this.stepsLeft--;
    this.steps++;
  }

  #below(names: ReadonlyMap<string, Inode>, folder: string): string[] {
    return [...names.keys()].filter((path) => path !== '/' && dirname(path) === folder);
  }
}
