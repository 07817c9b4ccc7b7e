import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tryReadHead } from '#lib/mirror/head.ts';
import { CHECKPOINT_FILE, isOriginHash, pathOf, widthIn } from '#lib/mirror/layout.ts';
import { TlogError } from '#lib/tlog/error.ts';
import { parseTilePath, type TileName } from '#lib/tlog/tile.ts';

/** A resource of a mirror. The caller closes `file`. */
export type MirrorResource =
  | { readonly kind: 'checkpoint'; readonly bytes: Uint8Array }
  | { readonly kind: 'tile'; readonly file: FileHandle; readonly size: number };

/**
 * Opens what a reader of the mirror `hash` asked for: `checkpoint`, a tile or an entry bundle within the tree of the
 * checkpoint that is served. Files beyond it are unfinished, and not shown. The path on the disk is made of the numbers
 * that were asked for, never of the text.
 *
 * @returns null for anything else.
 */
export async function openMirrorResource(
  folder: string,
  hash: string,
  resource: string,
): Promise<MirrorResource | null> {
  if (!isOriginHash(hash)) return null;
  const name = resource === CHECKPOINT_FILE ? null : nameOf(resource);
  if (name === undefined) return null;
  const note = await readFile(join(folder, hash, CHECKPOINT_FILE)).catch(absent);
  if (!note) return null;
  if (name === null) return { kind: 'checkpoint', bytes: note };
  if (name.width > widthIn(name, tryReadHead(note)?.size ?? 0)) return null;
  const file = await open(join(folder, hash, pathOf(name))).catch(absent);
  return file && { kind: 'tile', file, size: (await file.stat()).size };
}

function nameOf(resource: string): TileName | undefined {
  try {
    return parseTilePath(resource);
  } catch (error) {
    if (error instanceof TlogError) return undefined;
    throw error;
  }
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}
