import { decodeBase64, encodeBase64 } from '#lib/tlog/base64.ts';
import { HASH_BYTES } from '#lib/tlog/hash.ts';
import { isSize } from '#lib/tlog/size.ts';
import { parseTile } from '#lib/tlog/tile.ts';
import { RightEdge } from './right-edge.ts';

/** A size, with the bytes of all full tiles and bundles up to there. */
export interface StoredSize {
  readonly size: number;
  readonly fullBytes: number;
}

/** Entries on the disk beyond the checkpoint: a multiple of 256, with all that is needed to go on behind them. */
export interface PendingSize extends StoredSize {
  readonly edge: RightEdge;
}

/**
 * What the store needs beside the tiles. It is written before each new checkpoint and names both: the one that is served
 * and the one that may come, so that after a crash the checkpoint file alone says which of them holds.
 */
export interface MirrorState {
  readonly origin: string;
  readonly heads: readonly StoredSize[];
  readonly pending: PendingSize | null;
}

const VERSION = 1;

export function formatState({ origin, heads, pending }: MirrorState): Uint8Array {
  const levels = pending?.edge.levels.map((hashes) => encodeBase64(Buffer.concat(hashes)));
  const json = {
    version: VERSION,
    origin,
    heads: heads.map(storedSize),
    pending: pending && { ...storedSize(pending), levels },
  };
  return Buffer.from(`${JSON.stringify(json)}\n`);
}

/** Null for anything but what `formatState` gives: then the store works it out from the tiles. */
export function parseState(bytes: Uint8Array): MirrorState | null {
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (!isRecord(json) || json.version !== VERSION || typeof json.origin !== 'string') return null;
    const heads = Array.isArray(json.heads) ? json.heads.map(readSize) : [null];
    if (heads.includes(null)) return null;
    const pending = json.pending === null ? null : readPending(json.pending);
    if (pending === undefined) return null;
    return { origin: json.origin, heads: heads.filter((head) => head !== null), pending };
  } catch {
    return null;
  }
}

function readPending(json: unknown): PendingSize | undefined {
  const stored = readSize(json);
  if (!stored || !isRecord(json) || !Array.isArray(json.levels)) return undefined;
  const levels = json.levels.map((hashes: unknown) => {
    const bytes = decodeBase64(String(hashes));
    return bytes.length === 0 ? [] : parseTile(bytes, bytes.length / HASH_BYTES);
  });
  const edge = RightEdge.from(stored.size, levels);
  return edge ? { ...stored, edge } : undefined;
}

function readSize(json: unknown): StoredSize | null {
  if (!isRecord(json)) return null;
  const { size, fullBytes } = json;
  if (typeof size !== 'number' || typeof fullBytes !== 'number' || !isSize(size) || !isSize(fullBytes)) return null;
  return { size, fullBytes };
}

function storedSize({ size, fullBytes }: StoredSize): StoredSize {
  return { size, fullBytes };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
