import { opendir, realpath, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { DirectorySource } from '#lib/config/sources-schema.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { Standards } from '#lib/services/standards.ts';
import { bundleFormOf } from './bundle-names.ts';
import { forgetDeliveries } from './deliver.ts';
import type { FileStamp } from './read-bounded.ts';
import { deliveriesOf, isTakenAlready, takeFile } from './take-file.ts';

/** A type and not an interface, so that it is a record of counts. */
export type ScanResult = {
  readonly read: number;
  readonly accepted: number;
  readonly refused: number;
};

const MAX_FILES = 100_000;
const MAX_DEPTH = 16;

/**
 * Takes up the bundles of a directory and the folders under it: files of one bundle, of one a line (`claims.jsonl`), and
 * saved lists of GitHub's. A file is read again only when its size or time changed, or when something in it was refused
 * under other standards (`again`). Links out of the directory are not followed.
 */
export async function scanDirectory(
  ctx: ServiceContext,
  source: DirectorySource,
  standards: Standards,
  options: { readonly again: boolean; readonly signal?: AbortSignal },
): Promise<ScanResult> {
  const there = new Set<string>();
  const result = { read: 0, accepted: 0, refused: 0 };
  for await (const path of bundleFiles(ctx, source.directory)) {
    options.signal?.throwIfAborted();
    const known = deliveriesOf(ctx, source.name, path);
    const file = join(source.directory, path);
    const isRetried = options.again && known.some(({ outcome }) => outcome === 'refused');
    if (!isRetried && isTakenAlready(known, await lookAt(file))) {
      for (const row of known) there.add(row.path);
      continue;
    }
    const taken = await takeFile(ctx, standards, file, { channel: 'directory', source: source.name, path });
    for (const listed of taken.paths) there.add(listed);
    for (const { outcome } of taken.results) {
      result.read++;
      result[outcome]++;
    }
  }
  forgetDeliveries(ctx, source.name, (path) => there.has(path));
  return result;
}

/** A folder under the directory that cannot be opened is told of and passed over; the directory itself must be there. */
async function* bundleFiles(ctx: ServiceContext, directory: string): AsyncGenerator<string> {
  const top = await realpath(directory);
  let count = 0;
  const folders: { path: string; depth: number }[] = [{ path: top, depth: 0 }];
  for (let folder = folders.pop(); folder; folder = folders.pop()) {
    const entries = await opendir(folder.path).catch((error: unknown) => {
      if (folder.depth === 0) throw error;
      ctx.log.warn({ folder: folder.path, err: error }, 'a folder cannot be read; its bundles are not seen');
      return [];
    });
    for await (const entry of entries) {
      const path = join(folder.path, entry.name);
      if (entry.isDirectory() && folder.depth < MAX_DEPTH) folders.push({ path, depth: folder.depth + 1 });
      if (!entry.isFile() || bundleFormOf(entry.name) === null) continue;
      if (++count > MAX_FILES) {
        throw new Error(
          `${directory} holds more than ${MAX_FILES} files that may be bundles. Divide it into several sources.`,
        );
      }
      yield relative(top, path);
    }
  }
}

async function lookAt(path: string): Promise<FileStamp> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { size, modifiedAt: Math.floor(mtimeMs) };
  } catch {
    return { size: 0, modifiedAt: 0 };
  }
}
