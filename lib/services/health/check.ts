/** How something that must work does. `degraded`: somebody should look. `failing`: what is signed now may go unseen. */
export type HealthState = 'ok' | 'degraded' | 'failing';

export const CHECK_NAMES = [
  'jobs',
  'job',
  'configuration',
  'settings',
  'log',
  'coverage',
  'mirror',
  'trust',
  'blind-spot',
  'database',
  'backup',
  'source',
  'canary',
] as const;

/** One thing looked at: what it is, since when it is so, and what to do about it. */
export interface HealthCheck {
  readonly name: (typeof CHECK_NAMES)[number];
  /** The log, job, source or address that it is about, raw; null where there is but one. */
  readonly subject: string | null;
  readonly state: HealthState;
  /** A sentence. Names of logs and the like stand in it as `showText` writes them. */
  readonly what: string;
  /** Milliseconds since the epoch; null where it is well or nobody knows. */
  readonly since: number | null;
  /** A sentence; null where nothing is to be done. */
  readonly mend: string | null;
}

/** The worst of them; well where there are none. */
export function worstState(checks: readonly Pick<HealthCheck, 'state'>[]): HealthState {
  if (checks.some(({ state }) => state === 'failing')) return 'failing';
  return checks.some(({ state }) => state === 'degraded') ? 'degraded' : 'ok';
}

/** A check that found nothing wrong. */
export function wellCheck(name: HealthCheck['name'], subject: string | null, what: string): HealthCheck {
  return { name, subject, state: 'ok', what, since: null, mend: null };
}
