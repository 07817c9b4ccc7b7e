import { Tag } from './der.ts';

const UTC_TIME = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
const GENERALIZED_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;

/**
 * A certificate's time (RFC 5280, 4.1.2.5: to the second, in UTC) in ms since the epoch.
 * Null where the text is no such time, or names a day or an hour that does not exist.
 */
export function parseAsn1Time(tag: number, text: string): number | null {
  if (tag !== Tag.utcTime && tag !== Tag.generalizedTime) return null;
  const parts = (tag === Tag.utcTime ? UTC_TIME : GENERALIZED_TIME).exec(text)?.slice(1);
  if (parts === undefined) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map(Number);
  const century = tag === Tag.generalizedTime ? 0 : year < 50 ? 2000 : 1900;
  const iso = `${String(century + year).padStart(4, '0')}-${parts.slice(1, 3).join('-')}T${parts.slice(3).join(':')}.000Z`;
  const time = Date.UTC(century + year, month - 1, day, hour, minute, second);
  // Date.UTC carries 31 February over into March: only a time that reads back the same exists.
  return Number.isNaN(time) || new Date(time).toISOString() !== iso ? null : time;
}
