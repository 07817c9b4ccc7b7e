import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js';
import { hashSkeleton } from './ascii-skeleton.ts';
import type { FieldValue } from './field-value.ts';
import { compileGlob } from './glob.ts';
import { globLiteral, patternLiteral } from './literal.ts';
import { type Likeness, likeExact, likeGlob, likePattern, skeletonOfGlob, trickNotes } from './look-alike.ts';
import type { MatchNote } from './match-note.ts';
import { Reading } from './readings.ts';
import { skeletonOf } from './skeleton.ts';

/**
 * What a value must be, the whole of it: `exact`, byte for byte in UTF-8; `glob` (see compileGlob);
 * `pattern`, a regular expression in RE2's syntax, where `.` is any character at all.
 */
export type ValueMatcher = { readonly exact: string } | { readonly glob: string } | { readonly pattern: string };

/** A pattern that RE2 refuses. `position` is where in the pattern, from 0, if that is known. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
  readonly position: number | null;

  constructor(reason: string, position: number | null) {
    super(reason);
    this.position = position;
  }
}

/** A value matcher made ready. */
export interface CompiledValue {
  /** Text that no match lacks, but for upper and lower case; '' where none is certain. */
  readonly literal: string;
  /** A quick look at a plain value: false if neither `test` nor `testFolded` can hold, nor `likeness` in ASCII. */
  maybe(value: FieldValue): boolean;
  test(text: string): boolean;
  /** As `test`, with upper and lower case the same. It is given text in lower case. */
  testFolded(lower: string): boolean;
  /** What only looks as if it met this. */
  readonly likeness: Likeness;
}

/** RE2's instructions, which each character of a value may have to pass: keeps the worst case short. */
const MAX_PROGRAM = 5000;
const FLAGS_IN_FRONT = '(?s)';

const EXACT: readonly MatchNote[] = [];
const CASE: readonly MatchNote[] = ['case'];
const LOOK_ALIKE: readonly MatchNote[] = ['look-alike'];

/** Makes a value matcher ready. Throws PatternError for a pattern that RE2 refuses. */
export function compileValue(matcher: ValueMatcher): CompiledValue {
  if ('exact' in matcher) return compileExact(matcher.exact);
  if ('glob' in matcher) return compileGlobValue(matcher.glob);
  return compilePattern(matcher.pattern);
}

/** What a value had to be read as to match, nothing if it matches as it stands; null if it does not match. */
export function matchValue(matcher: CompiledValue, value: FieldValue): readonly MatchNote[] | null {
  return value.isPlain ? matchPlain(matcher, value) : matchReadings(matcher, value.readings);
}

function matchPlain(matcher: CompiledValue, value: FieldValue): readonly MatchNote[] | null {
  if (!matcher.maybe(value)) return null;
  if (matcher.test(value.text)) return EXACT;
  if (matcher.testFolded(value.lower)) return CASE;
  return matcher.likeness.inAscii && matcher.likeness.test(new Reading(value.text, EXACT)) ? LOOK_ALIKE : null;
}

function matchReadings(matcher: CompiledValue, readings: readonly Reading[]): readonly MatchNote[] | null {
  const same = readings.find((reading) => matcher.test(reading.text));
  if (same !== undefined) return same.notes;
  const folded = readings.find((reading) => matcher.testFolded(reading.lower));
  if (folded !== undefined) return [...folded.notes, 'case'];
  const alike = readings.find((reading) => matcher.likeness.test(reading));
  return alike === undefined ? null : trickNotes(alike, matcher.testFolded);
}

function compileExact(exact: string): CompiledValue {
  const lower = exact.toLowerCase();
  const skeleton = skeletonOf(exact);
  const hash = hashSkeleton(skeleton);
  return {
    literal: exact,
    // What is equal but for case has the same skeleton.
    maybe: (value) => value.skeletonHash === hash,
    // Text that was decoded strictly is the same exactly where its UTF-8 is.
    test: (text) => text === exact,
    testFolded: (text) => text === lower,
    likeness: likeExact(skeleton),
  };
}

function compileGlobValue(glob: string): CompiledValue {
  const skeleton = skeletonOfGlob(glob);
  const head = skeleton.slice(0, `${skeleton}*`.search(/[*?]/));
  const tail = skeleton.slice(Math.max(skeleton.lastIndexOf('*'), skeleton.lastIndexOf('?')) + 1);
  return {
    literal: globLiteral(glob),
    maybe: (value) => value.hasEnds(head, tail),
    test: compileGlob(glob),
    testFolded: compileGlob(glob.toLowerCase()),
    likeness: likeGlob(skeleton),
  };
}

function compilePattern(pattern: string): CompiledValue {
  const exact = compileRe2(pattern, RE2JS.DOTALL);
  const folded = compileRe2(pattern, RE2JS.DOTALL | RE2JS.CASE_INSENSITIVE);
  const literal = patternLiteral(pattern);
  const lower = literal.toLowerCase();
  return {
    literal,
    maybe: (value) => value.lower.includes(lower),
    test: (text) => exact.testExact(text),
    testFolded: (text) => folded.testExact(text),
    likeness: likePattern((latin) => latin.includes(lower) && folded.testExact(latin)),
  };
}

function compileRe2(pattern: string, flags: number): RE2JS {
  const compiled = parseRe2(pattern, flags);
  if (compiled.programSize() <= MAX_PROGRAM) return compiled;
  throw new PatternError('the repetitions make it too large', null);
}

function parseRe2(pattern: string, flags: number): RE2JS {
  try {
    return RE2JS.compile(pattern, flags);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const { reason, fragment } = describeRe2Error(error);
    const position = fragment === '' ? -1 : pattern.indexOf(fragment);
    throw new PatternError(reason, position === -1 ? null : position);
  }
}

function describeRe2Error(error: RE2JSException): { reason: string; fragment: string } {
  if (!(error instanceof RE2JSSyntaxException)) return { reason: error.message, fragment: '' };
  const fragment = error.getPattern() ?? '';
  const isWhole = fragment.startsWith(FLAGS_IN_FRONT);
  // RE2JS puts the flags in front of the pattern; a fragment that holds them is the whole of it.
  return { reason: error.getDescription(), fragment: isWhole ? '' : fragment };
}
