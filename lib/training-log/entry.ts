import { JsonError, parseStrictJson } from '#lib/model-signing/strict-json.ts';
import { TrainingLogError } from './training-log-error.ts';

/** The format's name, in the header of every log (docs/training-log.md). */
export const TRAINING_LOG_FORMAT = 'modeltrail.training-log/v1';

/** Bytes of one line without its newline. */
export const MAX_LINE_BYTES = 64 * 1024;
export const MAX_METRICS = 64;
const MAX_NAME = 200;
const MAX_TEXT = 4096;
const MAX_DEPTH = 16;
const KIND = /^[a-z][a-z0-9-]{0,63}$/;
const SHA256 = /^[0-9a-f]{64}$/;

export interface TrainingLogHeader {
  /** What the log calls its run; a claim. */
  readonly run: string;
  /** Milliseconds since the epoch, as the writer's clock had it. */
  readonly createdAt: number;
}

/** A tree that a log states of itself: RFC 6962 root, lowercase hex, over its first `size` lines. */
export interface StatedTree {
  readonly size: number;
  readonly root: string;
}

interface EntryBase {
  /** Index of its leaf; the header is leaf 0. */
  readonly seq: number;
  /** Milliseconds since the epoch, as the writer's clock had it. */
  readonly at: number;
}

export type TrainingLogEntry = EntryBase &
  (
    | { readonly kind: 'metric'; readonly step: number | null; readonly values: Readonly<Record<string, number>> }
    | {
        readonly kind: 'checkpoint';
        readonly step: number | null;
        readonly path: string;
        /** SHA-256 of a file, or the OMS root of a folder, lowercase hex. */
        readonly sha256: string;
        readonly of: 'file' | 'model';
      }
    | { readonly kind: 'event'; readonly text: string }
    | ({ readonly kind: 'root' | 'seal' } & StatedTree)
    | { readonly kind: 'other'; readonly name: string }
  );

/** Reads line 1. @throws {TrainingLogError} */
export function readHeader(line: Uint8Array): TrainingLogHeader {
  const { format, run, createdAt } = readLine(line, 1);
  if (format !== TRAINING_LOG_FORMAT) {
    throw new TrainingLogError(
      'no-header',
      `It is not the header of a training log: "format" is not ${TRAINING_LOG_FORMAT}.`,
      1,
    );
  }
  return { run: readText(run, '"run"', MAX_NAME, 1), createdAt: readInteger(createdAt, '"createdAt"', 1) };
}

/**
 * Reads the line that is leaf `seq`. Members that its kind does not have are kept in the log and passed over here.
 *
 * @throws {TrainingLogError} for what is no strict JSON, breaks the order, or lacks what its kind needs.
 */
export function readEntry(line: Uint8Array, seq: number): TrainingLogEntry {
  const number = seq + 1;
  const object = readLine(line, number);
  if (object.seq !== seq) throw new TrainingLogError('wrong-order', `"seq" is not ${seq}, as its place says.`, number);
  const base = { seq, at: readInteger(object.at, '"at"', number) };
  const { kind } = object;
  if (typeof kind !== 'string' || !KIND.test(kind)) {
    throw new TrainingLogError('bad-entry', '"kind" is not a word of lower-case letters, digits and hyphens.', number);
  }
  switch (kind) {
    case 'metric':
      return { ...base, kind, step: readStep(object.step, number), values: readMetrics(object.values, number) };
    case 'checkpoint':
      return { ...base, kind, step: readStep(object.step, number), ...readCheckpoint(object, number) };
    case 'event':
      return { ...base, kind, text: readText(object.text, '"text"', MAX_TEXT, number) };
    case 'root':
    case 'seal':
      return {
        ...base,
        kind,
        size: readInteger(object.size, '"size"', number),
        root: readSha256(object.root, '"root"', number),
      };
    default:
      return { ...base, kind: 'other', name: kind };
  }
}

function readLine(line: Uint8Array, number: number): Record<string, unknown> {
  try {
    const value = parseStrictJson(line, { maxBytes: MAX_LINE_BYTES, maxDepth: MAX_DEPTH });
    if (!isObject(value)) throw new TrainingLogError('bad-line', 'It is not a JSON object.', number);
    refuseInfinite(value, number);
    return value;
  } catch (error) {
    if (error instanceof JsonError) throw new TrainingLogError('bad-line', error.message, number);
    throw error;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON has no infinity, but 1e999 reads as one: two readers would not see the same number. */
function refuseInfinite(value: unknown, line: number): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new TrainingLogError('bad-entry', 'One of its numbers is too large to be read.', line);
  }
  if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(value)) refuseInfinite(inner, line);
}

function readMetrics(values: unknown, line: number): Record<string, number> {
  const rows = isObject(values) ? Object.entries(values) : [];
  if (rows.length === 0 || rows.length > MAX_METRICS) {
    throw new TrainingLogError('bad-entry', `"values" is not an object of 1 to ${MAX_METRICS} metrics.`, line);
  }
  return Object.fromEntries(
    rows.map(([name, value]) => {
      if (typeof value !== 'number') {
        throw new TrainingLogError(
          'bad-entry',
          `The metric ${JSON.stringify(name.slice(0, 60))} is not a number.`,
          line,
        );
      }
      return [readText(name, "A metric's name", MAX_NAME, line), value];
    }),
  );
}

function readCheckpoint(object: Record<string, unknown>, line: number) {
  const { path, of, digest } = object;
  if (of !== 'file' && of !== 'model') {
    throw new TrainingLogError('bad-entry', '"of" is neither "file" nor "model".', line);
  }
  const sha256 = readSha256(isObject(digest) ? digest.sha256 : undefined, '"digest.sha256"', line);
  return { path: readText(path, '"path"', MAX_TEXT, line), sha256, of } as const;
}

function readStep(step: unknown, line: number): number | null {
  return step === undefined || step === null ? null : readInteger(step, '"step"', line);
}

function readInteger(value: unknown, what: string, line: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new TrainingLogError('bad-entry', `${what} is not a whole number from 0.`, line);
}

function readSha256(value: unknown, what: string, line: number): string {
  if (typeof value === 'string' && SHA256.test(value)) return value;
  throw new TrainingLogError('bad-entry', `${what} is not a SHA-256 in lower-case hex.`, line);
}

function readText(value: unknown, what: string, most: number, line: number): string {
  if (typeof value === 'string' && value !== '' && value.length <= most) return value;
  throw new TrainingLogError('bad-entry', `${what} is not a text of 1 to ${most} characters.`, line);
}
