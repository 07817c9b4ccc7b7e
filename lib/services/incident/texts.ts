import { IncidentError } from './incident-error.ts';

/** Longest texts of an incident, in characters. */
export const LONGEST = { title: 200, text: 8000, reason: 2000, note: 1000 } as const;

/** Everything of ASCII's and Unicode's control characters but tab and line feed. */
const CONTROL = /(?![\t\n])\p{Cc}/u;

/**
 * A text that somebody wrote: with `\n` for every kind of line break, without white space around it.
 *
 * @throws {IncidentError} where it is empty, longer than `most` characters, or holds control characters.
 */
export function readText(field: string, text: string, most: number): string {
  const read = text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').trim();
  if (read === '') throw new IncidentError('refused', `The ${field} is empty. Write one.`, field);
  if (read.length > most) {
    throw new IncidentError('refused', `The ${field} is longer than ${most} characters. Shorten it.`, field);
  }
  if (CONTROL.test(read) || !read.isWellFormed()) {
    throw new IncidentError('refused', `The ${field} holds characters that are no text. Write it anew.`, field);
  }
  return read;
}

/** As `readText`, of one line. */
export function readLine(field: string, text: string, most: number): string {
  const read = readText(field, text, most);
  if (/[\n\t\u2028\u2029]/.test(read)) {
    throw new IncidentError('refused', `The ${field} has more than one line. Write it in one.`, field);
  }
  return read;
}
