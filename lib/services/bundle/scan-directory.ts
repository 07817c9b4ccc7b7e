import { createHash } from 'node:crypto';
import { open, opendir, realpath, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { and, eq } from 'drizzle-orm';
import { sourceFiles } from '#db/schema/bundle.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { MAX_BUNDLE_BYTES } from '#lib/sigstore/bundle.ts';
import type { TrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { ingestBundle } from './ingest.ts';

export interface DirectorySource {
  readonly name: string;
  /** Absolute. */
  readonly directory: string;
}

export interface ScanResult {
  readonly read: number;
  readonly accepted: number;
  readonly refused: number;
}

/** Files that may hold a bundle, by the names that the signing clients use. Others are not opened. */
const BUNDLE_NAME = /(?:\.sig|\.sigstore|\.bundle|\.intoto)(?:\.json)?$/i;
const MAX_FILES = 100_000;
const MAX_DEPTH = 16;
const NOT_READ = { size: 0, modifiedAt: 0 };

/**
 * Takes up the bundles of a directory and the folders under it. A file is read again only when its size or time changed,
 * or when it was refused under another trust root (`again`). Each file is listed with what became of it; links out of
 * the directory are not followed.
 */
export async function scanDirectory(
  ctx: ServiceContext,
  source: DirectorySource,
  root: TrustedRoot,
  options: { readonly again: boolean; readonly signal?: AbortSignal },
): Promise<ScanResult> {
  const { db } = ctx.database;
  const found: string[] = [];
  const result = { read: 0, accepted: 0, refused: 0 };
  for await (const path of bundleFiles(ctx, source.directory)) {
    options.signal?.throwIfAborted();
    found.push(path);
    const known = db
      .select()
      .from(sourceFiles)
      .where(and(eq(sourceFiles.source, source.name), eq(sourceFiles.path, path)))
      .get();
    const file = join(source.directory, path);
    const { size, modifiedAt } = await lookAt(file);
    const isSame = known?.size === size && known.modifiedAt === modifiedAt;
    if (isSame && !(options.again && known.outcome === 'refused')) continue;
    const row = takeFile(ctx, root, await readBundleFile(file));
    db.insert(sourceFiles)
      .values({ source: source.name, path, ...row })
      .onConflictDoUpdate({ target: [sourceFiles.source, sourceFiles.path], set: row })
      .run();
    result.read++;
    result[row.outcome]++;
    if (row.outcome === 'refused') {
      ctx.log.warn({ source: source.name, path, code: row.reasonCode }, row.reason ?? 'bundle refused');
    }
  }
  forgetMissing(ctx, source.name, found);
  return result;
}

interface FoundFile {
  readonly size: number;
  readonly modifiedAt: number;
  /** Null where it could not be read, or is too large to be read at all. */
  readonly bytes: Uint8Array | null;
  readonly problem: string | null;
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
      if (!entry.isFile() || !BUNDLE_NAME.test(entry.name)) continue;
      if (++count > MAX_FILES) {
        throw new Error(
          `${directory} holds more than ${MAX_FILES} files that may be bundles. Divide it into several sources.`,
        );
      }
      yield relative(top, path);
    }
  }
}

/** Size and time, by which a file that was taken before is known again without reading it. */
async function lookAt(path: string): Promise<{ size: number; modifiedAt: number }> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { size, modifiedAt: Math.floor(mtimeMs) };
  } catch {
    return NOT_READ;
  }
}

async function readBundleFile(path: string): Promise<FoundFile> {
  try {
    await using file = await open(path, 'r');
    const { size, mtimeMs } = await file.stat();
    const modifiedAt = Math.floor(mtimeMs);
    if (size > MAX_BUNDLE_BYTES) return { size, modifiedAt, bytes: null, problem: null };
    // Not readFile: a file that grows under our hands must not outgrow the limit.
    const buffer = Buffer.alloc(size);
    const { bytesRead } = await file.read(buffer, 0, size, 0);
    return { size, modifiedAt, bytes: buffer.subarray(0, bytesRead), problem: null };
  } catch (error) {
    return { ...NOT_READ, bytes: null, problem: (error as Error).message };
  }
}

function takeFile(ctx: ServiceContext, root: TrustedRoot, file: FoundFile) {
  const base = { size: file.size, modifiedAt: file.modifiedAt, checkedAt: ctx.now(), sha256: null, bundleId: null };
  if (!file.bytes) {
    const reason = file.problem
      ? `The file cannot be read: ${file.problem}. Let the jobs' user read it.`
      : `The file has ${file.size} bytes; a bundle has at most ${MAX_BUNDLE_BYTES}. Take it out of the folder.`;
    const reasonCode = file.problem ? 'unreadable' : 'too-large';
    return { ...base, outcome: 'refused' as const, reasonCode, reason };
  }
  const sha256 = createHash('sha256').update(file.bytes).digest('hex');
  const taken = ingestBundle(ctx, file.bytes, root);
  return {
    ...base,
    sha256,
    bundleId: taken.bundleId,
    outcome: taken.outcome,
    reasonCode: taken.outcome === 'refused' ? taken.code : null,
    reason: taken.outcome === 'refused' ? taken.reason : null,
  };
}

/** A file that is gone is no longer listed; the bundle that it held stays. */
function forgetMissing(ctx: ServiceContext, source: string, found: readonly string[]): void {
  const listed = ctx.database.db
    .select({ id: sourceFiles.id, path: sourceFiles.path })
    .from(sourceFiles)
    .where(eq(sourceFiles.source, source))
    .all();
  const there = new Set(found);
  for (const { id, path } of listed) {
    if (!there.has(path)) ctx.database.db.delete(sourceFiles).where(eq(sourceFiles.id, id)).run();
  }
}
