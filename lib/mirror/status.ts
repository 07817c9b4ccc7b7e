import { join } from 'node:path';
import { diskFiles, type MirrorFiles } from './files.ts';
import { tryReadHead } from './head.ts';
import { CHECKPOINT_FILE, partialFolder, partialsOf, STATE_FILE } from './layout.ts';
import { parseState } from './state.ts';

/** How far a mirror has come, as others than its writer see it. */
export interface MirrorStatus {
  readonly origin: string;
  /** Entries of the checkpoint that is served; 0 while there is none. */
  readonly size: number;
  /** Entries on the disk for certain, those beyond the checkpoint too. */
  readonly written: number;
  /** Bytes of tiles and bundles, as lengths of files; null where the state file is lost and nothing tells it cheaply. */
  readonly bytes: number | null;
}

/** Reads the status of the mirror in a log's own folder; null where there is none, or it has nothing yet. */
export async function readMirrorStatus(folder: string, files: MirrorFiles = diskFiles): Promise<MirrorStatus | null> {
  const note = await files.read(join(folder, CHECKPOINT_FILE));
  const stored = await files.read(join(folder, STATE_FILE));
  const state = stored && parseState(stored);
  const head = note && tryReadHead(note);
  const origin = head?.origin ?? state?.origin;
  if (origin === undefined) return null;
  const size = head?.size ?? 0;
  const pending = state?.pending && state.pending.size > size ? state.pending : null;
  const full = pending ?? state?.heads.find((stored) => stored.size === size);
  const partialBytes = await Promise.all(
    partialsOf(size)
      .map(partialFolder)
      .map((place) => bytesIn(files, join(folder, place))),
  );
  const bytes = full ? partialBytes.reduce((sum, of) => sum + of, full.fullBytes) : null;
  return { origin, size, written: pending?.size ?? size, bytes };
}

async function bytesIn(files: MirrorFiles, folder: string): Promise<number> {
  const names = await files.list(folder);
  const sizes = await Promise.all(names.map((name) => files.size(join(folder, name))));
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
}
