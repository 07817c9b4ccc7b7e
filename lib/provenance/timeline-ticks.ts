export interface Tick {
  readonly at: number;
  readonly label: string;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MOST_TICKS = 6;

/** Steps of fixed length; longer ones follow the calendar. */
const FIXED_STEPS = [60_000, 5 * 60_000, 15 * 60_000, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY];
const MONTH_STEPS = [1, 2, 3, 6, 12, 24, 60, 120];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Round moments in UTC between `from` and `to` (ms), six at most, with labels no finer than their step. */
export function timelineTicks(from: number, to: number): Tick[] {
  const span = to - from;
  const step = FIXED_STEPS.find((candidate) => span / candidate <= MOST_TICKS);
  return step === undefined ? calendarTicks(from, to) : fixedTicks(from, to, step);
}

function fixedTicks(from: number, to: number, step: number): Tick[] {
  const ticks: Tick[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    const date = new Date(at);
    const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
    const clock = date.toISOString().slice(11, 16);
    ticks.push({ at, label: step >= DAY || clock === '00:00' ? day : clock });
  }
  return ticks.slice(0, MOST_TICKS);
}

function calendarTicks(from: number, to: number): Tick[] {
  const months = (to - from) / (30.44 * DAY);
  const step = MONTH_STEPS.find((candidate) => months / candidate <= MOST_TICKS) ?? 120;
  const start = new Date(from);
  const first = start.getUTCFullYear() * 12 + start.getUTCMonth();
  const ticks: Tick[] = [];
  for (let month = Math.ceil(first / step) * step; ticks.length < MOST_TICKS; month += step) {
    const at = Date.UTC(Math.floor(month / 12), month % 12, 1);
    if (at > to) break;
    if (at < from) continue;
    const year = Math.floor(month / 12);
    ticks.push({ at, label: step >= 12 || month % 12 === 0 ? String(year) : `${MONTHS[month % 12]} ${year}` });
  }
  return ticks;
}
