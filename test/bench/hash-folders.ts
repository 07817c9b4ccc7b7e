import { randomBytes, randomInt } from 'node:crypto';
import { closeSync, mkdirSync, openSync, statfsSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { formatBytes } from '#lib/provenance/format.ts';

export interface BenchFolder {
  readonly what: string;
  readonly path: string;
  /** From the folder. */
  readonly files: readonly string[];
  readonly bytes: number;
}

const BLOCK = 8 * 1024 * 1024;
const LARGE_FILES = 8;
const IN_ONE_FOLDER = 200;
const SMALL_FROM = 1024;
const SMALL_TO = 64 * 1024;

/**
 * Makes a folder of large files and one of small ones (1 to 64 KiB), no two files the same.
 *
 * @throws {Error} where the disk has no room for them.
 */
export function makeFolders(at: string, sizeGb: number, smallFiles: number): BenchFolder[] {
  const needed = sizeGb * 1e9 + smallFiles * SMALL_TO;
  const { bavail, bsize } = statfsSync(at);
  if (bavail * bsize < needed * 1.1) {
    throw new Error(
      `${at} has ${formatBytes(bavail * bsize)} left, and the files take ${formatBytes(needed)}. Make room, set TMPDIR to another disk, or ask for less with --size-gb.`,
    );
  }
  return [makeLarge(join(at, 'large'), sizeGb), makeSmall(join(at, 'small'), smallFiles)];
}

function makeLarge(path: string, sizeGb: number): BenchFolder {
  mkdirSync(path);
  const block = randomBytes(BLOCK);
  const blocks = Math.max(1, Math.round((sizeGb * 1e9) / LARGE_FILES / BLOCK));
  const files = Array.from({ length: LARGE_FILES }, (_, i) => `weights-${i}.bin`);
  for (const [i, name] of files.entries()) {
    const file = openSync(join(path, name), 'w');
    for (let j = 0; j < blocks; j++) {
      block.writeUInt32LE(i * blocks + j);
      writeSync(file, block);
    }
    closeSync(file);
  }
  const bytes = LARGE_FILES * blocks * BLOCK;
  return { what: `${formatBytes(bytes)} in ${LARGE_FILES} files`, path, files, bytes };
}

function makeSmall(path: string, count: number): BenchFolder {
  const block = randomBytes(BLOCK);
  const files = Array.from({ length: count }, (_, i) => join(`part-${Math.floor(i / IN_ONE_FOLDER)}`, `f-${i}.bin`));
  let bytes = 0;
  for (const [i, name] of files.entries()) {
    if (i % IN_ONE_FOLDER === 0) mkdirSync(join(path, `part-${i / IN_ONE_FOLDER}`), { recursive: true });
    const size = randomInt(SMALL_FROM, SMALL_TO + 1);
    const start = randomInt(0, BLOCK - size);
    block.writeUInt32LE(i, start);
    writeFileSync(join(path, name), block.subarray(start, start + size));
    bytes += size;
  }
  return { what: `${formatBytes(bytes)} in ${count.toLocaleString('en')} files`, path, files, bytes };
}
