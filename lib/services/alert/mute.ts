import { formatIso } from '#lib/provenance/format.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { type AlertChange, AlertChangeError, changeAlerts } from './change.ts';

/** A year: what should be silent for longer is resolved. */
export const LONGEST_MUTE = 366 * 24 * 3_600_000;

export interface Mute extends AlertChange {
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/**
 * Keeps alerts silent until a time, whatever comes of them; then they are new again. Resolved ones stay so.
 *
 * @throws {AlertChangeError} for a time that is past, or more than a year ahead.
 */
export function muteAlerts(ctx: ServiceContext, { until, ...change }: Mute): number {
  const now = ctx.now();
  if (!(until > now)) throw new AlertChangeError('The time until which they are muted is past.', 'until');
  if (until > now + LONGEST_MUTE) throw new AlertChangeError('They can be muted for a year at the most.', 'until');
  return changeAlerts(ctx, change, {
    action: 'alert.muted',
    detail: { until: formatIso(until) },
    change: ({ state, mutedUntil }) =>
      state === 'resolved' || (state === 'muted' && mutedUntil === until)
        ? null
        : { state: 'muted', mutedUntil: until, tell: null },
  });
}
