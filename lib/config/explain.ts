import type { z } from 'zod';
import { schemasAt } from './json-schema.ts';
import { nearest } from './nearest.ts';

type Issue = z.core.$ZodIssue;

/** A problem in words, before it has a place in the file. */
export interface Finding {
  readonly path: readonly PropertyKey[];
  /** Whether the key is at fault or its value. */
  readonly at: 'key' | 'value';
  readonly message: string;
  readonly mend: string;
}

type Wording = Pick<Finding, 'message' | 'mend'>;

const EXPECTATIONS: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a map of keys',
  record: 'a map of keys',
  array: 'a list',
};

/** Says in an operator's words what zod found, with the way to mend it. `input` must have been reported. */
export function explain(issue: Issue, base: readonly PropertyKey[] = []): Finding[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => explainUnknownKey(path, key));
  const isMissing = issue.input === undefined;
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined) return explainKind(issue, path);
  if (isMissing && (issue.code === 'invalid_type' || issue.code === 'invalid_union')) return [explainMissing(path)];
  if (issue.code === 'invalid_union') return explainUnion(issue, path);
  const at = issue.code === 'custom' && issue.params?.at === 'key' ? 'key' : 'value';
  return [{ path, at, ...describe(issue, path) }];
}

function explainUnknownKey(path: readonly PropertyKey[], key: string): Finding {
  const known = schemasAt(path).flatMap(({ properties = {} }) => Object.keys(properties));
  const near = nearest(key, known);
  const mend = near === null ? `Use one of ${known.join(', ')}, or leave it out` : `Write ${near}`;
  return { path: [...path, key], at: 'key', message: 'is not a key that is known here', mend };
}

function explainMissing(path: readonly PropertyKey[]): Finding {
  const reason = schemasAt(path).find(({ description }) => description !== undefined)?.description;
  const mend = `Add ${String(path.at(-1))}${reason === undefined ? '' : ` (${reason.replace(/\.$/, '')})`}`;
  return { path, at: 'key', message: 'is missing', mend };
}

/** Of alternatives that a key tells apart, that key is missing or names none. */
function explainKind(
  { discriminator = '', input, ...issue }: z.core.$ZodIssueInvalidUnion,
  path: readonly PropertyKey[],
) {
  const options = 'options' in issue ? issue.options.map(String) : [];
  const given = typeof input === 'object' && input !== null ? Object.entries(input) : [];
  const value = given.find(([key]) => key === discriminator)?.[1];
  const expected = oneOf(options);
  if (value === undefined) {
    return [{ path, at: 'key' as const, message: 'is missing', mend: `Add ${discriminator}: ${expected}` }];
  }
  const near = nearest(String(value), options);
  const mend = near === null ? 'Write one of them' : `Write ${near}`;
  return [{ path, at: 'value' as const, message: `must be ${expected}`, mend }];
}

/** Of the alternatives, the one that was meant: whose type fits. If none does, all of them are named. */
function explainUnion(issue: z.core.$ZodIssueInvalidUnion, path: readonly PropertyKey[]): Finding[] {
  const meant = issue.errors.find((branch) => !branch.some(isMismatch));
  if (meant !== undefined) return meant.flatMap((nested) => explain(nested, path));
  const expected = oneOf(issue.errors.flatMap((branch) => branch.filter(isMismatch).map(expectationOf)));
  return [{ path, at: 'value', ...describeMismatch(expected, issue.input, path) }];
}

function isMismatch(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
}

function describe(issue: Issue, path: readonly PropertyKey[]): Wording {
  switch (issue.code) {
    case 'custom':
      return { message: issue.message, mend: String(issue.params?.mend ?? 'Correct the value') };
    case 'invalid_type':
      return describeMismatch(expectationOf(issue), issue.input, path);
    case 'invalid_value': {
      const near = nearest(String(issue.input), issue.values.map(String));
      return {
        message: `must be ${expectationOf(issue)}`,
        mend: near === null ? 'Write one of them' : `Write ${near}`,
      };
    }
    case 'too_small':
      return describeSize(issue.origin, 'at least', issue.minimum);
    case 'too_big':
      return describeSize(issue.origin, 'at most', issue.maximum);
    default:
      return { message: issue.message, mend: 'Correct the value' };
  }
}

function describeMismatch(expected: string, input: unknown, path: readonly PropertyKey[]): Wording {
  const message = `must be ${expected}, not ${kindOf(input)}`;
  if (path.length === 0) return { message, mend: 'Begin with a copy of modeltrail.example.yaml' };
  const example = schemasAt(path).flatMap(({ examples = [] }) => examples)[0];
  if (example !== undefined) return { message, mend: `Write ${expected}, such as ${example}` };
  const isScalar = typeof input === 'number' || typeof input === 'boolean';
  const isQuotable = isScalar && expected.startsWith(EXPECTATIONS.string ?? '');
  return { message, mend: isQuotable ? `Put it in quotes: '${input}'` : `Write ${expected}` };
}

function describeSize(origin: string, bound: string, limit: number | bigint): Wording {
  const unit = origin === 'string' ? (limit === 1 ? ' character' : ' characters') : origin === 'array' ? ' items' : '';
  const size = `${bound} ${limit}${unit}`;
  return { message: unit === '' ? `must be ${size}` : `must have ${size}`, mend: `Write ${size}` };
}

function expectationOf(issue: Issue): string {
  if (issue.code === 'invalid_type') return EXPECTATIONS[issue.expected] ?? issue.expected;
  return issue.code === 'invalid_value' ? oneOf(issue.values.map(String)) : 'another value';
}

function oneOf(alternatives: readonly string[]): string {
  return alternatives.length > 2 ? `one of ${alternatives.join(', ')}` : alternatives.join(' or ');
}

function kindOf(input: unknown): string {
  if (input === null || input === undefined) return 'nothing';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object') return 'a map of keys';
  if (typeof input === 'string') return 'text';
  return typeof input === 'number' ? `the number ${input}` : String(input);
}
