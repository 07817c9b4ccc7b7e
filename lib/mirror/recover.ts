import { dirname, join } from 'node:path';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { hashEntryBundle, parseEntryBundle } from '#lib/tlog/entry-bundle.ts';
import { equalBytes } from '#lib/tlog/hash.ts';
import { parseTile, TILE_WIDTH } from '#lib/tlog/tile.ts';
import type { MirrorFiles } from './files.ts';
import { type MirrorHead, NO_HEAD, readHead } from './head.ts';
import { CHECKPOINT_FILE, partialFolder, partialsOf, pathOf, STATE_FILE, widthIn } from './layout.ts';
import { fullBytesOf } from './measure.ts';
import { MirrorError } from './mirror-error.ts';
import { RightEdge } from './right-edge.ts';
import { type PendingSize, parseState } from './state.ts';

/** A mirror as it is found on the disk. */
export interface FoundMirror {
  readonly head: MirrorHead;
  /** Bytes of all full tiles and bundles of the head. */
  readonly fullBytes: number;
  readonly edge: RightEdge;
  /** The entries of the head's partial bundle. */
  readonly tail: readonly Uint8Array[];
  /** Entries beyond the head that were flushed. */
  readonly pending: PendingSize | null;
  /** Bytes of each partial tile and bundle that is there, by path. */
  readonly partials: Map<string, number>;
}

/**
 * Finds out how far a mirror has come, and removes the partial tiles that an unfinished step left or did not remove.
 *
 * @throws {MirrorError} `damaged` where the tiles at the right edge do not give the root of the checkpoint.
 */
export async function recover(files: MirrorFiles, folder: string, origin: string): Promise<FoundMirror> {
  const [note, stored] = await Promise.all([
    files.read(join(folder, CHECKPOINT_FILE)),
    files.read(join(folder, STATE_FILE)),
  ]);
  const head = note === null ? NO_HEAD : readOwnHead(note, folder, origin);
  const state = stored && parseState(stored);
  if (state && state.origin !== origin) throw damaged(folder, `${STATE_FILE} is that of the log ${state.origin}`);
  const places = new Set([head, ...(state?.heads ?? [])].flatMap(({ size }) => partialsOf(size)).map(partialFolder));
  const partials = await sweep(files, folder, head.size, [...places]);
  const { edge, tail } = await readEdge(files, folder, head);
  const known = state?.heads.find(({ size }) => size === head.size);
  return {
    head,
    fullBytes: known?.fullBytes ?? (await fullBytesOf(files, folder, head.size)),
    edge,
    tail,
    pending: state?.pending && state.pending.size > head.size ? state.pending : null,
    partials,
  };
}

function readOwnHead(note: Uint8Array, folder: string, origin: string): MirrorHead {
  const read = () => {
    try {
      return readHead(note);
    } catch (error) {
      throw damaged(folder, `${CHECKPOINT_FILE}: ${(error as Error).message}`);
    }
  };
  const head = read();
  if (head.origin !== origin) throw damaged(folder, `${CHECKPOINT_FILE} is one of the log ${head.origin}`);
  return head;
}

/** Removes from these folders the partial tiles wider than the tree's, and all whose full tile is there. */
async function sweep(
  files: MirrorFiles,
  folder: string,
  size: number,
  places: readonly string[],
): Promise<Map<string, number>> {
  const kept = new Map<string, number>();
  const fits = new Map(partialsOf(size).map((name) => [partialFolder(name), name]));
  for (const place of places) {
    const name = fits.get(place);
    const widths = await files.list(join(folder, place));
    if (widths.length === 0) continue;
    if (!name) {
      await files.remove(join(folder, place));
      await files.flush(join(folder, dirname(place)));
      continue;
    }
    for (const width of widths) {
      const path = `${place}/${width}`;
      const isOurs = /^[1-9][0-9]{0,2}$/.test(width) && Number(width) <= widthIn(name, size);
      if (isOurs) kept.set(path, (await files.size(join(folder, path))) ?? 0);
      else await files.remove(join(folder, path));
    }
    await files.flush(join(folder, place));
  }
  return kept;
}

async function readEdge(
  files: MirrorFiles,
  folder: string,
  head: MirrorHead,
): Promise<{ edge: RightEdge; tail: Uint8Array[] }> {
  const levels: Uint8Array[][] = [];
  for (let count = head.size; count > 0; count = Math.floor(count / TILE_WIDTH)) levels.push([]);
  let tail: Uint8Array[] = [];
  for (const name of partialsOf(head.size)) {
    const path = pathOf(name);
    const bytes = await files.read(join(folder, path));
    if (!bytes) throw damaged(folder, `${path} is missing`);
    try {
      if (name.kind === 'entries') tail = parseEntryBundle(bytes, name.width);
      else levels[name.level] = parseTile(bytes, name.width);
    } catch (error) {
      throw damaged(folder, `${path}: ${(error as Error).message}`);
    }
  }
  const edge = RightEdge.from(head.size, levels);
  if (!edge || !equalBytes(edge.root(), head.root)) {
    throw damaged(folder, `the tiles at the right edge of size ${head.size} do not give the root of the checkpoint`);
  }
  const leaves = hashEntryBundle(tail, nodeSha256);
  if (!leaves.every((leaf, i) => equalBytes(leaf, edge.levels[0]?.[i] ?? new Uint8Array()))) {
    throw damaged(folder, 'the entries of the partial bundle are not those of the partial tile');
  }
  return { edge, tail };
}

function damaged(folder: string, what: string): MirrorError {
  return new MirrorError(
    'damaged',
    `The mirror in ${folder} is damaged: ${what}. Run modeltrail log check-mirror to see what is wrong; put the files back from a copy, or remove the folder, and the log is mirrored anew.`,
  );
}
