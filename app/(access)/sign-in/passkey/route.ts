import { nextPath } from '#lib/http/next-path.ts';
import { signInWithPasskey } from '#lib/services/access/sign-in-with-passkey.ts';
import { ownJson } from '../../../_server/json-form.ts';
import { readAuthentication } from '../../../_server/passkey-response.ts';
import { relyingParty } from '../../../_server/relying-party.ts';
import { stepCookie, stepOf } from '../../../_server/step-cookie.ts';
import { sessionCookie, visitorOf } from '../../../_server/visitor.ts';

export const dynamic = 'force-dynamic';

/** From the sign-in page: signs in whoever holds a passkey. */
export async function POST(request: Request): Promise<Response> {
  const { headers } = request;
  return ownJson(request, async (ctx, body) => {
    const { response, next } = readAuthentication(body);
    const answer = { secret: stepOf(headers), response, ...relyingParty(headers) };
    const secret = await signInWithPasskey(ctx, answer, visitorOf(headers));
    return { body: { url: nextPath(next) }, cookies: [sessionCookie(secret), stepCookie('', 0)] };
  });
}
