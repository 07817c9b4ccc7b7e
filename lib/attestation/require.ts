import { StatementError } from '#lib/model-signing/statement-error.ts';
import type { JsonPlace } from './json-place.ts';

/** @throws {StatementError} `bad-attestation`, naming the field, where it is not an object. */
export function requireObject(place: JsonPlace): JsonPlace {
  if (!place.isObject) throw refusal(place, place.exists ? 'is not an object' : 'is missing');
  return place;
}

/** @throws {StatementError} `bad-attestation`, where it is there and is not a list. */
export function optionalList(place: JsonPlace): JsonPlace[] {
  if (place.exists && !place.isList) throw refusal(place, 'is not a list');
  return place.entries();
}

/** @throws {StatementError} `bad-attestation`, where it is not a text of 1 to 4096 characters. */
export function requireText(place: JsonPlace): { value: string; at: string } {
  const { value, at } = place;
  if (typeof value === 'string' && value !== '' && value.length <= 4096) return { value, at };
  throw refusal(place, place.exists ? 'is not a text of 1 to 4096 characters' : 'is missing');
}

/** `The attestation's predicate.runDetails is missing.` */
export function refusal(place: JsonPlace, problem: string): StatementError {
  return new StatementError(
    'bad-attestation',
    `The attestation's ${place.at || 'document'} ${problem}.`,
    place.at || null,
  );
}
