import { revokeToken } from '#lib/services/access/revoke-token.ts';
import { FormRefusedError } from '../../../../_server/local-form.ts';
import { roleForm } from '../../../../_server/role-form.ts';

export const dynamic = 'force-dynamic';

/** Takes a token out of use, for the form on the page of tokens. */
export async function POST(request: Request): Promise<Response> {
  const instead = 'Use modeltrail token revoke on the server’s machine.';
  return roleForm(request, { role: 'admin', instead }, (ctx, form, actor) => {
    if (!revokeToken(ctx, form.get('name') ?? '', actor)) {
      throw new FormRefusedError(404, 'No token of this name is in use.');
    }
    return '/settings/tokens#tokens';
  });
}
