import { parseAttestationList } from '#lib/github/attestation-list.ts';
import type { BundleFileForm } from './bundle-names.ts';

const MAX_LINES = 10_000;
const NEWLINE = 0x0a;

/** One of the bundles in a file that holds several. `number` counts lines, or entries of a list, from 1. */
export interface ContainedBundle {
  readonly number: number;
  readonly bytes: Uint8Array;
}

/**
 * The bundles in a file: one a line for JSON Lines, where empty lines are nothing; or those of GitHub's list, without
 * those that it gives by address only. What a piece holds is not looked at: one that is bad spoils no other.
 *
 * @throws {AnswerError} where a list cannot be read.
 * @throws {RangeError} for a file of too many lines.
 */
export function splitBundles(form: Exclude<BundleFileForm, 'bundle'>, bytes: Uint8Array): ContainedBundle[] {
  if (form === 'lines') return splitLines(bytes);
  return parseAttestationList(bytes).flatMap(({ bundle }, i) => (bundle ? [{ number: i + 1, bytes: bundle }] : []));
}

function splitLines(bytes: Uint8Array): ContainedBundle[] {
  const found: ContainedBundle[] = [];
  let number = 0;
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, at);
    const end = newline < 0 ? bytes.length : newline;
    const line = bytes.subarray(at, end);
    number++;
    if (number > MAX_LINES) {
      throw new RangeError(`The file has more than ${MAX_LINES} lines. Divide it into several files.`);
    }
    if (line.some((byte) => byte > 0x20)) found.push({ number, bytes: line });
    at = end + 1;
  }
  return found;
}
