import { UsageError } from './command.ts';

const MOST = 3650;

/** The number in `90d`; null for `never`. @throws {UsageError} */
export function parseDays(text: string): number | null {
  if (text === 'never') return null;
  const [, digits] = /^([1-9][0-9]{0,3})d$/.exec(text) ?? [];
  const days = Number(digits);
  if (digits !== undefined && days <= MOST) return days;
  throw new UsageError(`${JSON.stringify(text)} is no number of days. Write 1d to ${MOST}d, or never.`);
}
