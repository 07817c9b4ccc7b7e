import { beginPasskeyRegistration, PASSKEY_STEP_LASTS } from '#lib/services/access/begin-passkey.ts';
import { ownJson } from '../../../../../_server/json-form.ts';
import { FormRefusedError } from '../../../../../_server/local-form.ts';
import { relyingParty } from '../../../../../_server/relying-party.ts';
import { whoMay } from '../../../../../_server/role-form.ts';
import { stepCookie } from '../../../../../_server/step-cookie.ts';

export const dynamic = 'force-dynamic';

/** For the page of one's account: what a browser needs to make a passkey. */
export async function POST(request: Request): Promise<Response> {
  const asker = await whoMay(request.headers, 'viewer');
  if (asker instanceof Response) return asker;
  return ownJson(request, async (ctx) => {
    if (asker.session === null) throw new FormRefusedError(400, 'Nobody is signed in here.');
    const { rpId } = relyingParty(request.headers);
    const { options, secret } = await beginPasskeyRegistration(ctx, asker.session, rpId);
    return { body: { options }, cookies: [stepCookie(secret, PASSKEY_STEP_LASTS)] };
  });
}
