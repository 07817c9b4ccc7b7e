import type { SignedCheckpoint } from '#lib/rekor/checkpoint.ts';
import type { HttpReader } from '#lib/rekor/http.ts';
import type { LogReader } from '#lib/rekor/log-reader.ts';
import { getPartialOrFull, type TileSource, tileSource } from '#lib/rekor/tile-client.ts';
import { tileLogReader } from '#lib/rekor/tile-log.ts';
import { entryBundlePath } from '#lib/tlog/tile.ts';
import { MAX_DATA_ENTRY_BYTES, readDataTile } from './data-tile.ts';
import { type StaticLogKey, signedAtOf, staticNoteVerifier } from './note-verifier.ts';

/** Where a static certificate log is read (C2SP static-ct-api, "Monitoring APIs"). @param url its monitoring prefix. */
export function staticCtSource(http: HttpReader, url: string): TileSource {
  const base = url.replace(/\/+$/, '');
  return {
    ...tileSource(http, base),
    async entryBundle(index, width, signal) {
      const path = (w: number) => `${base}/${entryBundlePath(index, w).replace('tile/entries/', 'tile/data/')}`;
      return readDataTile(await getPartialOrFull(http, path, width, MAX_DATA_ENTRY_BYTES, signal));
    },
  };
}

/** Reads a certificate log that serves tiles (C2SP static-ct-api): Sunlight, TesseraCT and others. */
export function staticCtLogReader(key: StaticLogKey, source: TileSource): LogReader {
  const verifier = staticNoteVerifier(key);
  const reader = tileLogReader({ origin: key.origin, verifiers: [verifier], source });
  return {
    ...reader,
    async head(signal): Promise<SignedCheckpoint> {
      const head = await reader.head(signal);
      const signedAt = signedAtOf(Buffer.from(head.note), verifier);
      return signedAt === undefined ? head : { ...head, signedAt };
    },
  };
}
