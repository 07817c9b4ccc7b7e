import { compileGlob } from './glob.ts';
import type { MatchNote } from './match-note.ts';
import { decodeHostLabels } from './punycode.ts';
import type { Reading } from './readings.ts';
import { skeletonOf, visibleText } from './skeleton.ts';

/** Finds values that look like what a matcher asks for, among those that do not meet it. */
export interface Likeness {
  /** Whether visible ASCII can look so too; where not, only values with other characters can. */
  readonly inAscii: boolean;
  test(reading: Reading): boolean;
}

const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** What has this skeleton. */
export function likeExact(skeleton: string): Likeness {
  // A text of nothing but invisible characters: all that is blank would look like it.
  if (skeleton === '') return { inAscii: false, test: () => false };
  return { inAscii: true, test: (reading) => reading.skeleton === skeleton };
}

/**
 * What has the skeletons of the glob's literal parts, in their places. A wildcard takes what it takes of the skeleton, so
 * that `?` finds no `m`, which is two characters there.
 */
export function likeGlob(skeletonGlob: string): Likeness {
  const test = compileGlob(skeletonGlob);
  return { inAscii: true, test: (reading) => test(reading.skeleton) };
}

/** The glob with every literal part as its skeleton. */
export function skeletonOfGlob(glob: string): string {
  return glob
    .split(/([*?]+)/)
    .map((part, i) => (i % 2 === 0 ? skeletonOf(part) : part))
    .join('');
}

/**
 * What meets the pattern once it is written in the ASCII it looks like. A pattern cannot be made to hold for skeletons:
 * among its classes and repetitions, ASCII that looks like other ASCII (`0` and `o`) goes unnoticed.
 */
export function likePattern(testFolded: (lower: string) => boolean): Likeness {
  return {
    inAscii: false,
    test: (reading) => reading.latin !== reading.text && testFolded(reading.latin.toLowerCase()),
  };
}

/** By what tricks a reading resembles what `testFolded` asks for: what remains different without them are the letters. */
export function trickNotes({ text, notes }: Reading, testFolded: (lower: string) => boolean): readonly MatchNote[] {
  const undirected = text.replace(BIDI, '');
  const visible = visibleText(undirected);
  const decoded = decodeHostLabels(visible);
  const tricks: MatchNote[] = [];
  if (undirected !== text) tricks.push('bidi');
  if (visible !== undirected) tricks.push('zero-width');
  if (decoded !== visible) tricks.push('punycode');
  if (!testFolded(decoded.toLowerCase())) tricks.push('look-alike');
  return [...notes, ...tricks];
}
