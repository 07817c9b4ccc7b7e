/** What proves a time, in words. */
export const TIME_SOURCES = {
  'timestamp-authority': 'timestamp authority',
  sct: 'certificate log, SCT',
  certificate: 'certificate validity',
  'integrated-time': 'log, integrated time',
  'first-seen': 'first seen by us',
} as const;

export type TimeSource = keyof typeof TIME_SOURCES;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `12 Mar 2026 09:14:03 UTC`. `ms` is since the epoch; what no calendar holds is said to be so. */
export function formatUtc(ms: number): string {
  return `${formatUtcDate(ms)} ${formatUtcClock(ms)} UTC`;
}

/** `12 Mar 2026`. */
export function formatUtcDate(ms: number): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return 'no valid date';
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** For `<time datetime>`: ISO 8601, or an empty string where no calendar holds the time. */
export function formatIso(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

function formatUtcClock(ms: number): string {
  return formatIso(ms).slice(11, 19);
}

/** A length of time in its two largest units at most: `12 s`, `4 min`, `3 h 20 min`, `5 d 2 h`. */
export function formatDuration(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < MINUTE) return `${Math.floor(whole / SECOND)} s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} min`;
  if (whole < DAY) return twoUnits(Math.floor(whole / HOUR), 'h', Math.floor((whole % HOUR) / MINUTE), 'min');
  return twoUnits(Math.floor(whole / DAY), 'd', Math.floor((whole % DAY) / HOUR), 'h');
}

/** How long ago, in one unit: an aid beside the time itself, never instead of it. */
export function formatAge(at: number, now: number): string {
  const age = now - at;
  if (age < -MINUTE) return 'in the future';
  if (age < MINUTE) return `${Math.max(0, Math.floor(age / SECOND))} s ago`;
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min ago`;
  if (age < 2 * DAY) return `${Math.floor(age / HOUR)} h ago`;
  if (age < 90 * DAY) return `${Math.floor(age / DAY)} days ago`;
  if (age < 730 * DAY) return `${Math.floor(age / (30.44 * DAY))} months ago`;
  return `${Math.floor(age / (365.25 * DAY))} years ago`;
}

/** `1,234,567`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-GB');
}

/** `1 file`, `2 files`. */
export function formatPlural(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** Bytes in decimal units: `812 B`, `4.2 kB`, `3.1 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

function twoUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
