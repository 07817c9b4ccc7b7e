import { open } from 'node:fs/promises';
import { YamlDocument } from '#lib/config/yaml-document.ts';
import { JsonError, parseStrictJson } from '#lib/model-signing/strict-json.ts';
import { type Declaration, declarationSchema } from './declaration.ts';

/** The file cannot be used. Nothing of it is taken; what was read of it before stays. The message names line and field. */
export class ExpectedFileError extends Error {
  override readonly name = 'ExpectedFileError';
}

const MAX_BYTES = 1024 * 1024;
const MAX_DECLARATIONS = 10_000;
const MAX_LINE = 64 * 1024;
/** RFC 3339, to the second, in UTC. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** What a file says of one signing, and where it stands. */
interface Written {
  readonly value: unknown;
  locate(field: string | null): number;
}

/** @throws {ExpectedFileError} */
export async function readExpectedFile(path: string): Promise<Uint8Array> {
  try {
    await using file = await open(path, 'r');
    const buffer = Buffer.alloc(MAX_BYTES + 1);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    if (bytesRead > MAX_BYTES) throw new Error('it is larger than 1 MiB');
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw new ExpectedFileError(
      `The list of expected signings ${path} cannot be read: ${(error as Error).message}. Correct expected.file, or the file.`,
    );
  }
}

/**
 * Reads a list of expected signings: YAML, or one JSON object a line in a file whose name ends in .jsonl. Each has the
 * fields of the API, with `from` and `until` as times like 2026-03-12T09:00:00Z, both of which it must have.
 *
 * @throws {ExpectedFileError} for the first mistake.
 */
export function parseExpectedFile(bytes: Uint8Array, path: string): Declaration[] {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refusal(path, 1, null, 'the file is not UTF-8');
  }
  const written = /\.(?:jsonl|ndjson)$/.test(path) ? readLines(text, path) : readYaml(text, path);
  if (written.length > MAX_DECLARATIONS) {
    throw refusal(path, 1, null, `it has ${written.length} signings, more than ${MAX_DECLARATIONS}`);
  }
  const lines = new Map<string, number>();
  return written.map((one) => {
    const declaration = readDeclaration(one, path);
    const key = JSON.stringify(declaration);
    const before = lines.get(key);
    const line = one.locate(null);
    if (before !== undefined) throw refusal(path, line, 'uses', `it stands in line ${before} already: count it there`);
    lines.set(key, line);
    return declaration;
  });
}

function readLines(text: string, path: string): Written[] {
  return text.split('\n').flatMap((content, i): Written[] => {
    if (content.trim() === '') return [];
    try {
      const value = parseStrictJson(Buffer.from(content), { maxBytes: MAX_LINE });
      return [{ value, locate: () => i + 1 }];
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      throw refusal(path, i + 1, null, error.message.replace(/\.$/, ''));
    }
  });
}

function readYaml(text: string, path: string): Written[] {
  const document = new YamlDocument(text);
  const [problem] = document.problems;
  if (problem) throw refusal(path, problem.line, null, problem.message);
  const { value } = document;
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw refusal(path, 1, null, 'it is not a list');
  return value.map((entry: unknown, i) => ({
    value: entry,
    locate: (field) => document.locate(field === null ? [i] : [i, field], 'value').line,
  }));
}

function readDeclaration({ value, locate }: Written, path: string): Declaration {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refusal(path, locate(null), null, 'it is not an object');
  }
  const { from, until, ...fields } = value as Readonly<Record<string, unknown>>;
  const inner = Object.keys(fields).find((key) => key === 'validFromAt' || key === 'validUntilAt');
  if (inner !== undefined) throw refusal(path, locate(inner), inner, 'is not known here: write from and until');
  const times = { from: readTime(from), until: readTime(until) };
  for (const key of ['from', 'until'] as const) {
    if (times[key] === null) throw refusal(path, locate(key), key, 'is not a time like 2026-03-12T09:00:00Z');
  }
  const declaration = { ...fields, validFromAt: times.from, validUntilAt: times.until };
  const read = declarationSchema.safeParse(declaration);
  if (read.success) return { ...read.data };
  const [issue] = read.error.issues;
  const key = issue?.code === 'unrecognized_keys' ? issue.keys[0] : String(issue?.path[0] ?? '');
  const field = { validFromAt: 'from', validUntilAt: 'until' }[key ?? ''] ?? key ?? '';
  const what =
    issue?.code === 'unrecognized_keys' ? 'is not a field that is known here' : (issue?.message ?? 'is wrong');
  throw refusal(path, locate(field), field, what.replaceAll('validFromAt', 'from'));
}

function readTime(value: unknown): number | null {
  const time = typeof value === 'string' && TIME.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

function refusal(path: string, line: number, field: string | null, what: string): ExpectedFileError {
  const at = field === null || field === '' ? '' : `${field.slice(0, 60)}: `;
  return new ExpectedFileError(`${path}:${line} ${at}${what}. Nothing of the file is taken until this is mended.`);
}
