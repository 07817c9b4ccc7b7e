import { open, rename, rm } from 'node:fs/promises';
import { z } from 'zod';
import { CompactRange } from '#lib/tlog/compact-range.ts';
import { fromHex, toHex } from '#lib/tlog/hex.ts';
import { TrainingLogError } from '#lib/training-log/training-log-error.ts';
import { readFileUpTo } from './read-file.ts';

const FORMAT = 'modeltrail.training-log-state/v1';
const MAX_BYTES = 16 * 1024;
const hex = z.string().regex(/^[0-9a-f]{64}$/);

const stateSchema = z.strictObject({
  format: z.literal(FORMAT),
  /** Of the log that the state is of. */
  bytes: z.int().min(0),
  size: z.int().min(0),
  /** The compact range, left to right. */
  hashes: z.array(hex).max(53),
  seal: z.strictObject({ size: z.int().min(1), root: hex }).nullable(),
  /** Which file it was when this was written, and its last change: BigInts as decimal text. */
  file: z.string().max(200),
});

/** What is kept beside a growing training log, so that the next append need not read it whole. */
export interface TrainingLogState {
  readonly bytes: number;
  readonly range: CompactRange;
  readonly seal: { readonly size: number; readonly root: string } | null;
  readonly file: string;
}

export function statePath(logPath: string): string {
  return `${logPath}.state`;
}

/** @throws {TrainingLogError} `bad-state` for what is no state; @throws {UsageError} where it cannot be read. */
export async function readState(logPath: string): Promise<TrainingLogState> {
  const path = statePath(logPath);
  const content = await readFileUpTo(path, MAX_BYTES, 'state of the training log');
  try {
    const { bytes, size, hashes, seal, file } = stateSchema.parse(JSON.parse(content.toString()));
    return { bytes, seal, file, range: CompactRange.from(size, hashes.map(fromHex)) };
  } catch {
    const message = `${path} is not the state of a training log. If you trust what stands in the log, append with --adopt.`;
    throw new TrainingLogError('bad-state', message);
  }
}

/** Writes the state whole or not at all, and waits until the disk has it. */
export async function writeState(logPath: string, { bytes, range, seal, file }: TrainingLogState): Promise<void> {
  const path = statePath(logPath);
  const temporary = `${path}.${process.pid}.tmp`;
  const json = { format: FORMAT, bytes, size: range.size, hashes: range.hashes.map(toHex), seal, file };
  try {
    await using handle = await open(temporary, 'wx');
    await handle.writeFile(`${JSON.stringify(json)}\n`);
    await handle.sync();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
