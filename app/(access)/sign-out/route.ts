import { revokeSessions } from '#lib/services/access/revoke-sessions.ts';
import { whoAsks } from '../../_server/asker.ts';
import { ownForm } from '../../_server/local-form.ts';
import { noSessionCookie } from '../../_server/visitor.ts';

export const dynamic = 'force-dynamic';

/** From the frame of every page: ends the session, here and in the database. */
export async function POST(request: Request): Promise<Response> {
  return ownForm(request, '', async (ctx) => {
    const asker = await whoAsks(request.headers);
    if (asker?.session) {
      const { sessionId, userId } = asker.session;
      ctx.database.db.transaction(
        (tx) => revokeSessions(tx, { userId, only: sessionId, actor: asker.actor, why: 'signed out', now: ctx.now() }),
        { behavior: 'immediate' },
      );
    }
    return { location: '/sign-in', cookies: [noSessionCookie()] };
  });
}
