import { JsonPlace } from '#lib/attestation/json-place.ts';
import { JsonError, parseStrictJson } from '#lib/model-signing/strict-json.ts';
import { DeclarationError } from './declaration-error.ts';

/**
 * Reads a JSON object of at most `maxBytes`.
 *
 * @throws {DeclarationError} for anything else.
 */
export function readJsonObject(bytes: Uint8Array, maxBytes: number): JsonPlace {
  const place = new JsonPlace(parse(bytes, maxBytes), '');
  if (!place.isObject) throw new DeclarationError('bad-declaration', 'The file is not a JSON object.');
  return place;
}

function parse(bytes: Uint8Array, maxBytes: number): unknown {
  try {
    return parseStrictJson(bytes, { maxBytes });
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new DeclarationError(error.code === 'too-large' ? 'too-large' : 'not-json', error.message);
  }
}
