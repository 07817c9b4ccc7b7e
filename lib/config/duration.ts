const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** What a duration looks like: a whole number and its unit. */
export const DURATION = /^([1-9][0-9]{0,8})(ms|s|m|h)$/;

/** The milliseconds of a duration such as `500ms`, `30s`, `5m` or `1h`; null for any other text. */
export function parseDuration(text: string): number | null {
  const [, count, unit] = DURATION.exec(text) ?? [];
  return count === undefined || unit === undefined ? null : Number(count) * (UNITS[unit] ?? 0);
}
