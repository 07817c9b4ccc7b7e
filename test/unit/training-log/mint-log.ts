import { TRAINING_LOG_FORMAT } from '#lib/training-log/entry.ts';
import { TrainingLogTree } from '#lib/training-log/tree.ts';

export const STARTED = Date.UTC(2026, 2, 12, 9, 0, 0);

export interface MintedLog {
  readonly bytes: Buffer;
  /** Each without its newline. */
  readonly lines: readonly string[];
  readonly size: number;
  readonly root: string;
}

/** A log of these entries, sealed where nothing else is said, a second between them. */
export function mintTrainingLog(
  entries: readonly object[],
  { run = 'northwind-7', sealed = true }: { run?: string; sealed?: boolean } = {},
): MintedLog {
  const tree = new TrainingLogTree();
  const lines = [JSON.stringify({ format: TRAINING_LOG_FORMAT, run, createdAt: STARTED })];
  tree.takeHeader(Buffer.from(lines[0] ?? ''));
  const add = (entry: object) => {
    const line = JSON.stringify({ seq: tree.size, at: STARTED + tree.size * 1000, ...entry });
    tree.takeEntry(Buffer.from(line));
    lines.push(line);
  };
  for (const entry of entries) add(entry);
  const { size } = tree;
  const root = tree.root();
  if (sealed) add({ kind: 'seal', size, root });
  return { bytes: Buffer.from(`${lines.join('\n')}\n`), lines, size, root };
}

export const metric = (step: number, values: Record<string, number>) => ({ kind: 'metric', step, values });
export const event = (text: string) => ({ kind: 'event', text });
