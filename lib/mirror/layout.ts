import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { entryBundlePath, TILE_WIDTH, type TileName, tilePath, tileWidth } from '#lib/tlog/tile.ts';

/**
 * Where a mirror lies: one folder a log, named by the SHA-256 of its origin in hex (C2SP tlog-mirror), and in it the
 * resources of C2SP tlog-tiles under their own paths.
 */

export const CHECKPOINT_FILE = 'checkpoint';
/** What the store needs to go on. It is no resource of tlog-tiles, and never served. */
export const STATE_FILE = 'state.json';

const ORIGIN_HASH = /^[0-9a-f]{64}$/;

/** The folder of all mirrors: beside the database. */
export function mirrorFolder(databasePath: string): string {
  return join(dirname(databasePath), 'mirror');
}

/** SHA-256 of the origin in lowercase hex: the name of a log's folder, and its place in URLs. */
export function originHash(origin: string): string {
  return createHash('sha256').update(origin, 'utf8').digest('hex');
}

export function isOriginHash(text: string): boolean {
  return ORIGIN_HASH.test(text);
}

/** The folder of one log below the folder of all mirrors. */
export function logFolder(folder: string, origin: string): string {
  return join(folder, originHash(origin));
}

/** Path of a tile or bundle below the log's folder. It is made of numbers alone, whoever asks for it. */
export function pathOf(name: TileName): string {
  return name.kind === 'tile' ? tilePath(name.level, name.index, name.width) : entryBundlePath(name.index, name.width);
}

/** How wide that tile or bundle is in a tree of `size` entries: 0 where there is none. */
export function widthIn(name: TileName, size: number): number {
  return tileWidth(name.kind === 'tile' ? name.level : 0, name.index, size);
}

/** The partial tiles and the partial bundle of a tree of `size` entries. */
export function partialsOf(size: number): TileName[] {
  const names: TileName[] = [];
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / TILE_WIDTH)) {
    const [index, width] = [Math.floor(count / TILE_WIDTH), count % TILE_WIDTH];
    if (width === 0) continue;
    if (level === 0) names.push({ kind: 'entries', index, width });
    names.push({ kind: 'tile', level, index, width });
  }
  return names;
}

/** Folder in which the partial tiles of that place lie, one file a width. */
export function partialFolder(name: TileName): string {
  return `${pathOf({ ...name, width: TILE_WIDTH })}.p`;
}
