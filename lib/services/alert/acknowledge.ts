import type { ServiceContext } from '#lib/services/context.ts';
import { type AlertChange, changeAlerts } from './change.ts';

/** Says that somebody looks after alerts: they are not told again unless they become graver. Resolved ones stay so. */
export function acknowledgeAlerts(ctx: ServiceContext, change: AlertChange): number {
  return changeAlerts(ctx, change, {
    action: 'alert.acknowledged',
    change: ({ state }) =>
      state === 'new' || state === 'muted' ? { state: 'acknowledged', mutedUntil: null, tell: null } : null,
  });
}
