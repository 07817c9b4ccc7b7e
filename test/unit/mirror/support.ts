import { expect } from 'vitest';
import { checkMirror } from '#lib/mirror/check-mirror.ts';
import { diskTileSource } from '#lib/mirror/disk-tile-source.ts';
import { logFolder, widthIn } from '#lib/mirror/layout.ts';
import { AuthenticatedTree } from '#lib/rekor/authenticated-tree.ts';
import { TAKE_ALL } from '#lib/rekor/log-reader.ts';
import { inlineProcessor } from '#lib/rekor/process-bundle.ts';
import { readBundle } from '#lib/rekor/read-entries.ts';
import { HASH_BYTES } from '#lib/tlog/hash.ts';
import { parseTilePath, TILE_WIDTH } from '#lib/tlog/tile.ts';
import type { MintedLog } from '#test/support/minted-log.ts';
import type { CrashingFiles } from './crashing-files.ts';

const EVERYTHING = inlineProcessor(TAKE_ALL);

/** Entries of differing lengths, the empty one too. */
export function entriesOf(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => Buffer.from(`entry ${i} `.repeat(i % 7)));
}

/** A checkpoint as the engine hands it over. */
export function signed(log: MintedLog, size = log.size) {
  return { size, root: log.root(size), note: log.checkpoint(size).toString() };
}

/** That the mirror below `/m` serves the tree of `size` whole: by its own check, and tile by tile from the log's. */
export async function expectServed(files: CrashingFiles, log: MintedLog, size: number): Promise<void> {
  const report = await checkMirror('/m', log.origin, { files });
  expect(report).toMatchObject({ problems: [], problemCount: 0, head: { size } });
  const source = diskTileSource(logFolder('/m', log.origin), files);
  const note = await source.checkpoint();
  expect(Buffer.from(note).toString()).toBe(signed(log, size).note);
  const tree = await AuthenticatedTree.open(source, { size, root: log.root(size) });
  for (let bundle = 0; bundle * 256 < size; bundle++) {
    const processed = await readBundle(source, tree, bundle, { skip: 0, end: size }, EVERYTHING);
    expect(Buffer.from(processed.leafHashes).equals(log.tile(0, bundle, size))).toBe(true);
  }
  // Earlier checkpoints' partial tiles are served too, and nothing within the tree may be torn.
  for (const [path, bytes] of files.contents()) {
    const [, resource] = /\/(tile\/.+)$/.exec(path) ?? [];
    if (resource === undefined) continue;
    const name = parseTilePath(resource);
    if (name.width > widthIn(name, size)) continue;
    const of = name.kind === 'tile' ? log.tile(name.level, name.index) : firstOf(log, name.index, name.width);
    const expected = of.subarray(0, name.kind === 'tile' ? name.width * HASH_BYTES : undefined);
    expect(Buffer.from(bytes).equals(expected), resource).toBe(true);
  }
}

function firstOf(log: MintedLog, bundle: number, width: number): Buffer {
  return log.bundle(bundle, bundle * TILE_WIDTH + width);
}
