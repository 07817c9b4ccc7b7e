import type { IgnoreRule } from '#lib/model-signing/ignore.ts';

/**
 * `matches`: as listed in the version. `differs`: listed, of other content. `renamed`: its content is listed under another
 * name, which is missing. `missing`: listed, not given. `extra`: given, not listed. `ignored`: given, not listed, and left
 * out by a rule. `empty`: without a byte, of which shards say nothing. `left-out`: listed, but not hashed by the sender.
 * `no-digest`: given without a digest that can be compared.
 */
export const FILE_STATES = [
  'differs',
  'missing',
  'renamed',
  'extra',
  'left-out',
  'no-digest',
  'ignored',
  'empty',
  'matches',
] as const;

export type FileState = (typeof FILE_STATES)[number];

export interface FileAnswer {
  /** As the version lists it; for what it does not list, as it was given. */
  readonly path: string;
  readonly state: FileState;
  /** The digest as the version has it, as it was given; null where there is none, or several shards. */
  readonly listed: string | null;
  readonly given: string | null;
  /** For `renamed`, the name that it was given under. */
  readonly givenAs: string | null;
  /** By which rule it is left out; null where by none. */
  readonly rule: IgnoreRule | null;
}
