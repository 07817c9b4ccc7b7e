import type { ServiceContext } from '#lib/services/context.ts';
import { type AlertChange, changeAlerts } from './change.ts';

/** Says that alerts are settled. They are new again only if their cause was gone and comes again. */
export function resolveAlerts(ctx: ServiceContext, change: AlertChange): number {
  return changeAlerts(ctx, change, {
    action: 'alert.resolved',
    change: ({ state }, now) =>
      state === 'resolved' ? null : { state: 'resolved', resolvedAt: now, mutedUntil: null, tell: null },
  });
}
