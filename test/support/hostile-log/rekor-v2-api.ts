import { parseTilePath, type TileName, tileWidth } from '#lib/tlog/tile.ts';
import type { LogApi } from './api.ts';

const PREFIX = '/api/v2/';

/** Rekor v2's read API: C2SP tlog-tiles. A tile that is wider than the tree has it is not there. */
export const REKOR_V2_API: LogApi = {
  read(path) {
    if (path === `${PREFIX}checkpoint`) return { resource: 'head', tile: null };
    const tile = path.startsWith(PREFIX) ? tileOf(path.slice(PREFIX.length)) : null;
    return tile && { resource: tile.kind === 'tile' ? 'hashes' : 'entries', tile };
  },
  answer({ tile }, { log, size }) {
    if (!tile) return undefined;
    const level = tile.kind === 'tile' ? tile.level : 0;
    if (tile.width > tileWidth(level, tile.index, size)) return undefined;
    const until = Math.min(size, tile.index * 256 + tile.width);
    return tile.kind === 'tile'
      ? log.tile(level, tile.index, size).subarray(0, tile.width * 32)
      : log.bundle(tile.index, until);
  },
  head: ({ log, size }, note) => Buffer.from(note ?? log.checkpoint(size)),
};

function tileOf(path: string): TileName | null {
  try {
    return parseTilePath(path);
  } catch {
    return null;
  }
}
