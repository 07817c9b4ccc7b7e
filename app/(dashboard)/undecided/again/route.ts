import { askRetry } from '#lib/services/event/ask-retry.ts';
import { roleForm } from '../../../_server/role-form.ts';

export const dynamic = 'force-dynamic';

/** From the page of undecided entries: has all of them read again. */
export async function POST(request: Request): Promise<Response> {
  const instead = 'After an upgrade they are read again by themselves.';
  return roleForm(request, { role: 'investigator', instead }, (ctx) => {
    askRetry(ctx);
    return '/undecided';
  });
}
