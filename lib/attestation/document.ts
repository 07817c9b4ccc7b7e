import { StatementError } from '#lib/model-signing/statement-error.ts';
import { JsonError, parseStrictJson } from '#lib/model-signing/strict-json.ts';
import { isCroissant, readCroissant } from './croissant.ts';
import { isCycloneDx, readCycloneDx } from './cyclonedx.ts';
import type { AttestationFacts } from './facts.ts';
import { JsonPlace } from './json-place.ts';
import { isSpdx3, readSpdx } from './spdx.ts';

const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Reads a bill of materials or a data set's description that lies about unsigned, at most 16 MiB: CycloneDX, SPDX 3 or
 * Croissant, known by its content.
 *
 * @returns null for JSON of any other kind.
 * @throws {StatementError} for what is not JSON, or not of the form that its kind asks for.
 */
export function readDocument(bytes: Uint8Array): AttestationFacts | null {
  const document = new JsonPlace(parse(bytes), '');
  if (isCycloneDx(document)) return readCycloneDx(document);
  if (isSpdx3(document)) return readSpdx(document);
  return isCroissant(document) ? readCroissant(document) : null;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return parseStrictJson(bytes, { maxBytes: MAX_BYTES });
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new StatementError('unreadable', `The document cannot be read. ${error.message}`);
  }
}
