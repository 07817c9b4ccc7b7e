import type { OpenDatabase } from '#db/client.ts';

/** So many rows of what is looked at again and again are looked at in one round. */
export const SLICE = 500;

/**
 * How far each walk over what stands has come. Thousands of alerts may stand for years: a round looks at the next slice of
 * them, and begins again at the end. A process that was killed begins at the first.
 */
export type RoundPlaces = Map<string, string | number>;

const places = new WeakMap<OpenDatabase, RoundPlaces>();

/** Those of a database, from round to round. */
export function roundPlaces(database: OpenDatabase): RoundPlaces {
  const known = places.get(database) ?? new Map();
  places.set(database, known);
  return known;
}
