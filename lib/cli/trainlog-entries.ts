import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { readModelFiles } from '#lib/model-files/manifest.ts';
import { rootCandidates } from '#lib/model-signing/roots.ts';
import { JsonError, parseStrictJson } from '#lib/model-signing/strict-json.ts';
import { MAX_LINE_BYTES } from '#lib/training-log/entry.ts';
import { UsageError } from './command.ts';
import type { CommandInput } from './input.ts';
import type { NewEntry } from './trainlog-file.ts';
import { nodeSha256 } from './trainlog-read.ts';

const METRIC = /^([^=]{1,200})=(.+)$/;
const NUMBER = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** Roots are stated by options of their own, and the log numbers its lines itself. */
const NOT_TO_BE_GIVEN = ['seq'];
const OWN_KINDS = ['root', 'seal'];

/** The entries that `--metric`, `--checkpoint`, `--event` and `--json` ask for, in this order. @throws {UsageError} */
export async function readAskedEntries(input: CommandInput): Promise<NewEntry[]> {
  const step = readStep(input.text('step'));
  const metrics = input.texts('metric').map(readMetric);
  const entries: NewEntry[] = [];
  if (new Set(metrics.map(([name]) => name)).size < metrics.length) throw new UsageError('A metric is given twice.');
  if (metrics.length > 0) entries.push({ kind: 'metric', ...step, values: Object.fromEntries(metrics) });
  for (const path of input.texts('checkpoint')) {
    entries.push({ kind: 'checkpoint', ...step, ...(await hashCheckpoint(path)) });
  }
  for (const text of input.texts('event')) entries.push({ kind: 'event', text });
  for (const json of input.texts('json')) entries.push(readNewEntry(Buffer.from(json)));
  return entries;
}

/** An entry as `--json` and the lines of `--stdin` give it. @throws {UsageError} */
export function readNewEntry(bytes: Uint8Array): NewEntry {
  try {
    const value = parseStrictJson(bytes, { maxBytes: MAX_LINE_BYTES, maxDepth: 16 });
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const { kind } = value as { kind?: unknown };
      const extra = NOT_TO_BE_GIVEN.find((key) => Object.hasOwn(value, key));
      if (extra) throw new UsageError(`The entry has a member "${extra}": the log adds that itself.`);
      if (typeof kind === 'string' && !OWN_KINDS.includes(kind)) return { ...value, kind };
      if (typeof kind === 'string') throw new UsageError(`The log writes entries of the kind ${kind} itself.`);
    }
    throw new UsageError('The entry is not a JSON object with a "kind".');
  } catch (error) {
    if (error instanceof JsonError) throw new UsageError(`The entry cannot be read. ${error.message}`);
    throw error;
  }
}

function readMetric(text: string): readonly [string, number] {
  const [, name, number] = METRIC.exec(text) ?? [];
  const value = NUMBER.test(number ?? '') ? Number(number) : Number.NaN;
  if (name !== undefined && Number.isFinite(value)) return [name, value];
  throw new UsageError(`--metric ${text} is not NAME=NUMBER. Log what is no number, such as nan, as an event.`);
}

function readStep(text: string | undefined): { step?: number } {
  if (text === undefined) return {};
  if (/^\d{1,15}$/.test(text)) return { step: Number(text) };
  throw new UsageError(`--step ${text} is not a whole number from 0.`);
}

/** A folder is hashed as a model is signed, so that its root is that of the version it becomes. */
async function hashCheckpoint(path: string) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new UsageError(`There is no checkpoint ${path}.`);
  if (found.isDirectory()) {
    const { resources } = await readModelFiles(path);
    return { path, of: 'model', digest: { sha256: rootCandidates(resources, nodeSha256).python } };
  }
  if (!found.isFile()) throw new UsageError(`The checkpoint ${path} is neither a file nor a folder.`);
  const digest = createHash('sha256');
  for await (const piece of createReadStream(path)) digest.update(piece as Buffer);
  return { path, of: 'file', digest: { sha256: digest.digest('hex') } };
}
