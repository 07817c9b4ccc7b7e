import { StatementError } from './statement-error.ts';
import { JsonError, parseStrictJson } from './strict-json.ts';

export const STATEMENT_PAYLOAD_TYPE = 'application/vnd.in-toto+json';
export const STATEMENT_V1 = 'https://in-toto.io/Statement/v1';
/** What cosign still writes; it differs from v1 in its name only. */
export const STATEMENT_V0_1 = 'https://in-toto.io/Statement/v0.1';

const MAX_BYTES = 16 * 1024 * 1024;
const MAX_SUBJECTS = 200_000;
const MAX_DIGESTS = 32;
const MAX_TEXT = 4096;
const HEX_LENGTHS = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);

export interface SubjectDigest {
  /** As the statement names it: `sha256`, `gitCommit`, ... */
  readonly algorithm: string;
  /** Lowercase hex for the SHA-2 family, else as the statement has it. */
  readonly digest: string;
}

export interface Subject {
  /** Empty where the statement gives none. A name is a claim. */
  readonly name: string;
  readonly digests: readonly SubjectDigest[];
  readonly annotations: Readonly<Record<string, unknown>>;
}

export interface Statement {
  readonly type: typeof STATEMENT_V1 | typeof STATEMENT_V0_1;
  readonly subjects: readonly Subject[];
  readonly predicateType: string;
  /** As parsed; null where the statement has none. */
  readonly predicate: unknown;
}

/**
 * Reads an in-toto Statement v1 (or v0.1) from the exact payload of a DSSE envelope, at most 16 MiB.
 *
 * @throws {StatementError} naming the field that is wrong.
 */
export function parseStatement(payload: Uint8Array): Statement {
  const json = readJson(payload);
  if (!isObject(json)) throw new StatementError('not-a-statement', 'The payload is not a JSON object.');
  const type = json._type;
  if (type !== STATEMENT_V1 && type !== STATEMENT_V0_1) {
    throw new StatementError('unknown-statement-type', `The payload's _type is ${show(type)}, not ${STATEMENT_V1}.`);
  }
  const { subject, predicateType, predicate } = json;
  if (!isText(predicateType) || predicateType === '') {
    throw new StatementError(
      'bad-predicate-type',
      `The statement's predicateType is ${show(predicateType)}, not a URI.`,
    );
  }
  if (!Array.isArray(subject) || subject.length === 0) {
    throw new StatementError('no-subject', 'The statement has no subject, so it says of nothing what it says.');
  }
  if (subject.length > MAX_SUBJECTS) {
    throw new StatementError('bad-subject', `The statement has ${subject.length} subjects; ${MAX_SUBJECTS} are read.`);
  }
  return { type, subjects: subject.map(readSubject), predicateType, predicate: predicate ?? null };
}

/** Whether one of the subjects carries this digest. `algorithm` as in-toto names it, `digest` in lowercase hex. */
export function hasSubject(statement: Statement, algorithm: string, digest: string): boolean {
  return statement.subjects.some((subject) =>
    subject.digests.some((d) => d.algorithm === algorithm && d.digest === digest),
  );
}

function readJson(payload: Uint8Array): unknown {
  try {
    return parseStrictJson(payload, { maxBytes: MAX_BYTES });
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new StatementError('unreadable', `The payload cannot be read as a statement. ${error.message}`);
  }
}

function readSubject(value: unknown, position: number): Subject {
  const at = `subject[${position}]`;
  if (!isObject(value)) throw new StatementError('bad-subject', `${at} is not an object.`);
  const { name = '', digest, annotations } = value;
  if (!isText(name))
    throw new StatementError('bad-subject', `${at}.name is not a text of at most ${MAX_TEXT} characters.`);
  if (!isObject(digest)) throw new StatementError('bad-subject', `${at}.digest is missing.`);
  const digests = Object.entries(digest);
  if (digests.length === 0 || digests.length > MAX_DIGESTS) {
    throw new StatementError('bad-subject', `${at}.digest has ${digests.length} entries, not 1 to ${MAX_DIGESTS}.`);
  }
  return {
    name,
    digests: digests.map(([algorithm, text]) => readDigest(algorithm, text, at)),
    annotations: isObject(annotations) ? annotations : {},
  };
}

function readDigest(algorithm: string, value: unknown, at: string): SubjectDigest {
  if (algorithm === '' || algorithm.length > 64 || !isText(value) || value === '') {
    throw new StatementError('bad-subject', `${at}.digest has an entry that is not an algorithm and its digest.`);
  }
  const length = HEX_LENGTHS.get(algorithm);
  if (length === undefined) return { algorithm, digest: value };
  const digest = value.toLowerCase();
  if (digest.length !== length || !/^[0-9a-f]+$/.test(digest)) {
    throw new StatementError('bad-subject', `${at}.digest.${algorithm} is not ${length} hexadecimal digits.`);
  }
  return { algorithm, digest };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_TEXT;
}

function show(value: unknown): string {
  return value === undefined ? 'missing' : (JSON.stringify(value)?.slice(0, 120) ?? 'missing');
}
