import { entryBundlePath, TILE_WIDTH, tilePath } from '#lib/tlog/tile.ts';
import { FetchError } from './fetch-error.ts';
import type { HttpReader } from './http.ts';

/** Where the bytes of a tile log come from. Nothing that it gives is trusted: `AuthenticatedTree` binds it. */
export interface TileSource {
  checkpoint(signal?: AbortSignal): Promise<Uint8Array>;
  /** `width` hashes of 32 bytes; the source may answer with a fuller tile cut to them. */
  tile(level: number, index: number, width: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** At least `width` entries; a fuller bundle than asked for is left for the caller to cut. */
  entryBundle(index: number, width: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** Takes back the memory of an entry bundle that nobody looks at any more. */
  release?(bundle: Uint8Array): void;
}

const CHECKPOINT_LIMIT = 64 * 1024;
const HASH_BYTES = 32;
/** Each entry has at most 65,535 bytes behind its two bytes of length. */
const ENTRY_LIMIT = 2 + 65_535;

/** Rekor v2's read API: C2SP tlog-tiles under `/api/v2`. */
export function rekorTileSource(http: HttpReader, readUrl: string): TileSource {
  return tileSource(http, `${readUrl.replace(/\/+$/, '')}/api/v2`);
}

/** A log that serves tiles (C2SP tlog-tiles). @param base its prefix, without a slash at its end. */
export function tileSource(http: HttpReader, base: string): TileSource {
  return {
    checkpoint: (signal) => http.get(`${base}/checkpoint`, CHECKPOINT_LIMIT, signal),
    async tile(level, index, width, signal) {
      const path = (w: number) => `${base}/${tilePath(level, index, w)}`;
      const bytes = await getPartialOrFull(http, path, width, HASH_BYTES, signal);
      return bytes.length === TILE_WIDTH * HASH_BYTES ? bytes.subarray(0, width * HASH_BYTES) : bytes;
    },
    entryBundle(index, width, signal) {
      return getPartialOrFull(http, (w) => `${base}/${entryBundlePath(index, w)}`, width, ENTRY_LIMIT, signal);
    },
    release: (bundle) => http.release(bundle),
  };
}

/**
 * GETs a tile or a bundle. The partial resource goes once the full one is there (tlog-tiles, "Partial Tiles"), so that a 404
 * asks for that.
 *
 * @param limit most bytes of one hash or entry.
 * @throws {FetchError}
 */
export async function getPartialOrFull(
  http: HttpReader,
  url: (width: number) => string,
  width: number,
  limit: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  try {
    return await http.get(url(width), width * limit, signal);
  } catch (error) {
    if (width === TILE_WIDTH || !(error instanceof FetchError) || error.code !== 'not-found') throw error;
    return http.get(url(TILE_WIDTH), TILE_WIDTH * limit, signal).catch((full: unknown) => {
      throw full instanceof FetchError && full.code === 'not-found' ? error : full;
    });
  }
}
