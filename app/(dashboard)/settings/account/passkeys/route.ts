import { addPasskey } from '#lib/services/access/add-passkey.ts';
import { ownJson } from '../../../../_server/json-form.ts';
import { FormRefusedError } from '../../../../_server/local-form.ts';
import { readRegistration } from '../../../../_server/passkey-response.ts';
import { relyingParty } from '../../../../_server/relying-party.ts';
import { whoMay } from '../../../../_server/role-form.ts';
import { stepCookie, stepOf } from '../../../../_server/step-cookie.ts';

export const dynamic = 'force-dynamic';

/** From the page of one's account: adds the passkey that the browser has made. */
export async function POST(request: Request): Promise<Response> {
  const { headers } = request;
  const asker = await whoMay(headers, 'viewer');
  if (asker instanceof Response) return asker;
  return ownJson(request, async (ctx, body) => {
    if (asker.session === null) throw new FormRefusedError(400, 'Nobody is signed in here.');
    const { response, name } = readRegistration(body);
    await addPasskey(ctx, asker.session, { secret: stepOf(headers), response, name, ...relyingParty(headers) });
    return { body: { url: '/settings/account#passkeys' }, cookies: [stepCookie('', 0)] };
  });
}
