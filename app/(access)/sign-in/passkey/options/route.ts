import { beginPasskeySignIn, PASSKEY_STEP_LASTS } from '#lib/services/access/begin-passkey.ts';
import { ownJson } from '../../../../_server/json-form.ts';
import { relyingParty } from '../../../../_server/relying-party.ts';
import { stepCookie } from '../../../../_server/step-cookie.ts';

export const dynamic = 'force-dynamic';

/** For the sign-in page: what a browser needs to sign in by passkey. */
export async function POST(request: Request): Promise<Response> {
  return ownJson(request, async (ctx) => {
    const { options, secret } = await beginPasskeySignIn(ctx, relyingParty(request.headers).rpId);
    return { body: { options }, cookies: [stepCookie(secret, PASSKEY_STEP_LASTS)] };
  });
}
