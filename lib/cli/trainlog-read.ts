import { createHash, hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { StatedTree, TrainingLogEntry, TrainingLogHeader } from '#lib/training-log/entry.ts';
import { LineSplitter } from '#lib/training-log/line-splitter.ts';
import { TrainingLogError } from '#lib/training-log/training-log-error.ts';
import { TrainingLogTree } from '#lib/training-log/tree.ts';

/** The longest training log that the command line reads. */
export const MAX_STREAMED = 1024 * 1024 * 1024;
const PIECE = 1024 * 1024;

/** What one pass over a training log found. */
export interface StreamedLog {
  readonly header: TrainingLogHeader;
  readonly tree: TrainingLogTree;
  /** Of the file without a torn line at its end. */
  readonly bytes: number;
  /** Bytes behind the last newline: a line that was not written whole. */
  readonly torn: number;
  /** Of all bytes, lowercase hex. */
  readonly sha256: string;
  /** The root at each size that was asked for, in its order; null where the log is shorter. */
  readonly roots: readonly (string | null)[];
}

export interface StreamQuestion {
  readonly sizes?: readonly number[];
  onEntry?(entry: TrainingLogEntry): void;
}

export const nodeSha256 = (data: Uint8Array): Uint8Array => hash('sha256', data, 'buffer');

/**
 * Reads and checks a training log from its start, a piece at a time.
 *
 * @throws {TrainingLogError}
 */
export async function streamTrainingLog(file: FileHandle, question: StreamQuestion = {}): Promise<StreamedLog> {
  const { sizes = [], onEntry } = question;
  const { size: length } = await file.stat();
  if (length > MAX_STREAMED) {
    throw new TrainingLogError('too-large', `It has ${length} bytes; at most ${MAX_STREAMED} are read.`);
  }
  const splitter = new LineSplitter();
  const tree = new TrainingLogTree(null, nodeSha256);
  const digest = createHash('sha256');
  const roots = new Map<number, string>();
  const asked = new Set(sizes);
  const buffer = Buffer.alloc(PIECE);
  let header: TrainingLogHeader | null = null;
  let position = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, PIECE, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    if (position > MAX_STREAMED) throw new TrainingLogError('too-large', 'It grew while it was read.');
    const piece = buffer.subarray(0, bytesRead);
    digest.update(piece);
    for (const line of splitter.push(piece)) {
      if (header === null) header = tree.takeHeader(line);
      else {
        const entry = tree.takeEntry(line);
        onEntry?.(entry);
      }
      if (asked.has(tree.size)) roots.set(tree.size, tree.root());
    }
  }
  if (header === null)
    throw new TrainingLogError('no-header', 'There is no header: the file is empty or no training log.');
  const torn = splitter.rest.length;
  return {
    header,
    tree,
    bytes: position - torn,
    torn,
    sha256: digest.digest('hex'),
    roots: sizes.map((size) => roots.get(size) ?? null),
  };
}

/** Whether the log had this tree when it had `size` lines: if so it only grew since (RFC 6962, 2.1.2). */
export function isExtensionOf({ size, root }: StatedTree, rootThere: string | null): string | null {
  if (rootThere === null) return `It has fewer than ${size} lines: lines were taken away.`;
  return rootThere === root
    ? null
    : `Its first ${size} lines have the root ${rootThere}, not ${root}: they were changed.`;
}
