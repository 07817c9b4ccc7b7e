import { contradictionOf, partsOf, SHARED_PARTS, type SharedParts } from '#lib/provenance/shared-parts.ts';
import { SharingError } from './sharing-error.ts';

/** The parts as they are stored. What is not understood shows nothing. */
export function readParts(json: string): SharedParts {
  const stored = JSON.parse(json) as Readonly<Record<string, unknown>>;
  return partsOf(SHARED_PARTS.filter((part) => stored[part] === true));
}

/** @throws {SharingError} `bad-parts` where one part would show what another hides. */
export function refuseContradiction(parts: SharedParts): void {
  const contradiction = contradictionOf(parts);
  if (contradiction !== null) throw new SharingError('bad-parts', contradiction);
}
