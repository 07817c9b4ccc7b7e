import { diskTileSource } from '#lib/mirror/disk-tile-source.ts';
import { logFolder } from '#lib/mirror/layout.ts';
import type { LogReader } from '#lib/rekor/log-reader.ts';
import { tileLogReader } from '#lib/rekor/tile-log.ts';

/** Reads a log from its mirror on disk. What it gives is bound to signed roots like what the log itself gives. */
export function mirrorReader(folder: string, origin: string): LogReader {
  return tileLogReader({ origin, verifiers: [], source: diskTileSource(logFolder(folder, origin)) });
}
