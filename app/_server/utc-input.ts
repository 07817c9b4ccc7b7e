const DAY = 86_400_000;

/** A stretch of time that somebody meant: a day, a minute or a second, in UTC. */
export interface UtcSpan {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** Reads `2026-03-12`, `2026-03-12 09:14` or `2026-03-12T09:14:03Z` as UTC; null for anything else or no date of the calendar. */
export function parseUtcInput(text: string): UtcSpan | null {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:\.\d{1,3})?)?)?Z?$/.exec(text.trim());
  if (!match) return null;
  const [, day, minute, second] = match;
  const start = Date.parse(`${day}T${minute ?? '00:00'}:${second ?? '00'}Z`);
  if (Number.isNaN(start) || new Date(start).toISOString().slice(0, 10) !== day) return null;
  return { start, end: start + (minute === undefined ? DAY : second === undefined ? 60_000 : 1000) };
}
