import type { Actor } from '#lib/services/access/actor.ts';
import { acknowledgeAlerts } from '#lib/services/alert/acknowledge.ts';
import { AlertChangeError, UnknownAlertError } from '#lib/services/alert/change.ts';
import { muteAlerts } from '#lib/services/alert/mute.ts';
import { resolveAlerts } from '#lib/services/alert/resolve.ts';
import { unmuteAlerts } from '#lib/services/alert/unmute.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { MUTE_LENGTHS } from '../../../_alerts/mute-lengths.ts';
import { FormRefusedError } from '../../../_server/local-form.ts';
import { roleForm } from '../../../_server/role-form.ts';

export const dynamic = 'force-dynamic';

/** Does what the pages of alerts ask for, with one or many. */
export async function POST(request: Request): Promise<Response> {
  const form = { role: 'investigator', instead: 'Use modeltrail alert on the server’s machine.' } as const;
  return roleForm(request, form, (ctx, fields, actor) => {
    try {
      change(ctx, fields, actor);
    } catch (error) {
      if (error instanceof UnknownAlertError) throw new FormRefusedError(404, error.message);
      if (error instanceof AlertChangeError) throw new FormRefusedError(400, error.message);
      throw error;
    }
    return backOf(fields.get('back'));
  });
}

function change(ctx: ServiceContext, fields: URLSearchParams, actor: Actor): void {
  const ids = fields.getAll('id');
  if (ids.length === 0) throw new FormRefusedError(400, 'No alert is chosen. Go back, and choose some.');
  const wanted = { ids, actor, note: fields.get('note')?.trim() || undefined };
  switch (fields.get('action')) {
    case 'acknowledge':
      acknowledgeAlerts(ctx, wanted);
      return;
    case 'resolve':
      resolveAlerts(ctx, wanted);
      return;
    case 'unmute':
      unmuteAlerts(ctx, wanted);
      return;
    case 'mute': {
      const length = MUTE_LENGTHS.find(({ value }) => value === fields.get('for'))?.length;
      if (length === undefined) throw new FormRefusedError(400, 'Choose for how long they are muted.');
      muteAlerts(ctx, { ...wanted, until: ctx.now() + length });
      return;
    }
    default:
      throw new FormRefusedError(400, 'The form does not say what to do.');
  }
}

/** Only to pages of alerts: what stands in a form leads nowhere else. */
function backOf(back: string | null): string {
  return back !== null && /^\/alerts(?:\/[a-z0-9_]{1,64})?(?:\?[\w=&.%-]{0,500})?$/.test(back) ? back : '/alerts';
}
