const HOUR = 3_600_000;

/** For how long alerts can be muted in the browser, as forms send it. */
export const MUTE_LENGTHS = [
  { value: '1h', label: '1 hour', length: HOUR },
  { value: '8h', label: '8 hours', length: 8 * HOUR },
  { value: '1d', label: '1 day', length: 24 * HOUR },
  { value: '7d', label: '7 days', length: 7 * 24 * HOUR },
  { value: '30d', label: '30 days', length: 30 * 24 * HOUR },
] as const;
