import { revokeSessions } from '#lib/services/access/revoke-sessions.ts';
import { accountForm } from '../../../../../_server/account-form.ts';

export const dynamic = 'force-dynamic';

/** From the page of one's account: ends one session, or all but this one. */
export async function POST(request: Request): Promise<Response> {
  return accountForm(request, (ctx, form, { userId, sessionId, name }) => {
    const only = form.get('session');
    const which = only === null ? { except: sessionId } : { only };
    const actor = { kind: 'user', id: userId, name } as const;
    ctx.database.db.transaction(
      (tx) => revokeSessions(tx, { userId, ...which, actor, why: 'ended by its owner', now: ctx.now() }),
      { behavior: 'immediate' },
    );
    return '/settings/account#sessions';
  });
}
