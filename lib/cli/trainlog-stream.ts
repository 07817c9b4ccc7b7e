import { LineSplitter } from '#lib/training-log/line-splitter.ts';
import { TrainingLogError } from '#lib/training-log/training-log-error.ts';
import { UsageError } from './command.ts';
import { printError } from './output.ts';
import { readNewEntry } from './trainlog-entries.ts';
import type { TrainingLogFile } from './trainlog-file.ts';

export interface StreamOptions {
  /** A root is stated after so many entries; null for never. */
  readonly rootEvery: number | null;
  onRoot(): void;
}

/**
 * Appends the entries that a training process writes, one JSON object a line. A line that cannot stand in the log is
 * told, and the run goes on: it must not end for its log.
 *
 * @returns how many lines were refused.
 */
export async function appendStream(
  log: TrainingLogFile,
  source: AsyncIterable<Uint8Array>,
  { rootEvery, onRoot }: StreamOptions,
): Promise<number> {
  const splitter = new LineSplitter();
  let number = 0;
  let refused = 0;
  let sinceRoot = 0;
  const take = async (line: Uint8Array) => {
    number++;
    if (line.length === 0) return;
    try {
      log.take(readNewEntry(line));
      sinceRoot++;
    } catch (error) {
      if (!(error instanceof UsageError || error instanceof TrainingLogError)) throw error;
      refused++;
      printError(`Line ${number} of the input was refused. ${error.message}`);
    }
    if (rootEvery === null || sinceRoot < rootEvery) return;
    log.takeRoot('root');
    await log.flush();
    sinceRoot = 0;
    onRoot();
  };
  for await (const piece of source) {
    for (const line of splitter.push(piece)) await take(line);
    await log.flush();
  }
  if (splitter.rest.length > 0) await take(splitter.rest);
  await log.flush();
  return refused;
}
