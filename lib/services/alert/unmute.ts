import type { ServiceContext } from '#lib/services/context.ts';
import { type AlertChange, changeAlerts } from './change.ts';

/** Makes muted alerts new again, before their time. Who does it knows of them: they are not told for it. */
export function unmuteAlerts(ctx: ServiceContext, change: AlertChange): number {
  return changeAlerts(ctx, change, {
    action: 'alert.unmuted',
    change: ({ state }) => (state === 'muted' ? { state: 'new', mutedUntil: null } : null),
  });
}
