import { askRetry } from '#lib/services/event/ask-retry.ts';
import { localForm } from '../../../_server/local-form.ts';

export const dynamic = 'force-dynamic';

/** From the page of undecided entries: has all of them read again. */
export async function POST(request: Request): Promise<Response> {
  return localForm(request, 'After an upgrade they are read again by themselves.', (ctx) => {
    askRetry(ctx);
    return '/undecided';
  });
}
