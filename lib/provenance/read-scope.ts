import { z } from 'zod';
import { escapeText } from '#lib/watch/display.ts';
import type { Criterion, Scope } from './scope.ts';

export const MAX_SCOPE_DEPTH = 4;
export const MAX_CRITERIA = 50;
/** Characters of one text. */
const MAX_TEXT = 2048;
const MAX_JSON = 200_000;

/** What is wrong with a scope, and where: `all.1.is.alias`. */
export class ScopeError extends Error {
  override readonly name = 'ScopeError';
  readonly at: string;

  constructor(at: string, problem: string) {
    super(at === '' ? `The scope ${problem}` : `${at}: ${problem}`);
    this.at = at;
  }
}

/** As pages show it. What certificates hold is kept escaped, so that text with something invisible would never be met. */
const text = z
  .string({ error: 'is not a text' })
  .min(1, { error: 'is empty' })
  .max(MAX_TEXT, { error: `is longer than ${MAX_TEXT} characters` })
  .refine((value) => escapeText(value.replaceAll('\\', '')) === value.replaceAll('\\', ''), {
    error: 'has an invisible character, or a space at an end; write it as pages show it',
  });
const fingerprint = z.string({ error: 'is not a text' }).regex(/^[0-9a-f]{64}$/, {
  error: 'is not a SHA-256 of 64 lowercase hex digits',
});
const digest = z.string({ error: 'is not a text' }).regex(/^(?:[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/, {
  error: 'is not a digest of 64, 96 or 128 lowercase hex digits',
});
const commit = z.string({ error: 'is not a text' }).regex(/^[0-9a-f]{7,64}$/, {
  error: 'is not a commit: 7 to 64 lowercase hex digits',
});
const index = z.int({ error: 'is not a whole number' }).min(0, { error: 'is below 0' });
const time = z
  .int({ error: 'is not a time in milliseconds since the epoch' })
  .min(0, { error: 'is before 1970' })
  .max(8_640_000_000_000_000, { error: 'is later than any calendar holds' })
  .nullable();

const criterionSchema = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('dataset'), alias: text }),
    z.strictObject({ kind: z.literal('base-model'), alias: text }),
    z.strictObject({ kind: z.literal('commit'), commit }),
    z.strictObject({ kind: z.literal('repository'), repository: text }),
    z.strictObject({ kind: z.literal('workflow'), workflow: text }),
    z.strictObject({ kind: z.literal('builder'), builder: text }),
    z.strictObject({ kind: z.literal('identity'), identity: text, issuer: text.exactOptional() }),
    z.strictObject({ kind: z.literal('key'), fingerprint }),
    z.strictObject({ kind: z.literal('file'), digest }),
    z
      .strictObject({ kind: z.literal('log-range'), origin: text, from: index, to: index })
      .refine(({ from, to }) => from < to, { path: ['to'], error: 'is not above from, so that the range is empty' }),
    z
      .strictObject({ kind: z.literal('window'), from: time, to: time })
      .refine(({ from, to }) => from !== null || to !== null, { path: ['from'], error: 'one end must be given' })
      .refine(({ from, to }) => from === null || to === null || from <= to, {
        path: ['to'],
        error: 'is before from, so that the window is empty',
      }),
  ],
  {
    error:
      'is none of dataset, base-model, commit, repository, workflow, builder, identity, key, file, log-range and window',
  },
);

/**
 * A scope as somebody hands it in: joins at most 4 deep, at most 50 criteria, nothing that is not known.
 *
 * @throws {ScopeError}
 */
export function readScope(value: unknown): Scope {
  const left = { criteria: MAX_CRITERIA };
  return readPart(value, '', 0, left);
}

/** The same from JSON: as it is stored, or given on a command line. @throws {ScopeError} */
export function parseScope(json: string): Scope {
  if (json.length > MAX_JSON) throw new ScopeError('', `is longer than ${MAX_JSON} characters.`);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new ScopeError('', 'is not JSON.');
  }
  return readScope(value);
}

function readPart(value: unknown, at: string, depth: number, left: { criteria: number }): Scope {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ScopeError(at, 'is not an object of "is", "all" or "any".');
  }
  const entries = Object.entries(value);
  const [[key, content] = ['', null], ...more] = entries;
  if (more.length > 0 || !['is', 'all', 'any'].includes(key)) {
    throw new ScopeError(at, 'has to have one of "is", "all" and "any", and nothing else.');
  }
  const below = at === '' ? key : `${at}.${key}`;
  if (key === 'is') return { is: readCriterion(content, below, left) };
  if (depth >= MAX_SCOPE_DEPTH) throw new ScopeError(below, `is nested deeper than ${MAX_SCOPE_DEPTH} joins.`);
  if (!Array.isArray(content) || content.length === 0)
    throw new ScopeError(below, 'is not a list of one part or more.');
  if (content.length > MAX_CRITERIA) throw new ScopeError(below, `has more than ${MAX_CRITERIA} parts.`);
  const parts = content.map((part, i) => readPart(part, `${below}.${i}`, depth + 1, left));
  return key === 'all' ? { all: parts } : { any: parts };
}

function readCriterion(value: unknown, at: string, left: { criteria: number }): Criterion {
  left.criteria--;
  if (left.criteria < 0) throw new ScopeError(at, `is one more than ${MAX_CRITERIA} criteria.`);
  const read = criterionSchema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    throw new ScopeError(at, `does not have ${issue.keys.join(', ').slice(0, 200)}.`);
  }
  const place = [at, ...(issue?.path ?? [])].join('.');
  throw new ScopeError(place, `${issue?.message ?? 'is not a criterion'}.`);
}
