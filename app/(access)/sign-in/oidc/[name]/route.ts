import { nextPath } from '#lib/http/next-path.ts';
import { createLogger } from '#lib/logger.ts';
import { AccessRefusedError } from '#lib/services/access/access-refused.ts';
import { beginOidc, OIDC_STEP_LASTS } from '#lib/services/access/begin-oidc.ts';
import { problemUrl } from '../../../../_access/sign-in-answer.ts';
import { lapsedSession } from '../../../../_server/asker.ts';
import { readDatabase } from '../../../../_server/database.ts';
import { leadOn, refusalOf, refuseForm } from '../../../../_server/local-form.ts';
import { originOrRefuse } from '../../../../_server/relying-party.ts';
import { stepCookie } from '../../../../_server/step-cookie.ts';
import { configOrRefuse } from '../../../../_server/visitor.ts';

export const dynamic = 'force-dynamic';

interface Context {
  readonly params: Promise<{ name: string }>;
}

/**
 * Sends the browser to an identity provider. It changes nothing here: the browser gets a cookie that nobody else has. With
 * `renew`, a session that lapsed is to go on, and the provider may ask nothing.
 */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { name } = await params;
  const query = new URL(request.url).searchParams;
  const next = nextPath(query.get('next'));
  const log = createLogger('web');
  try {
    const provider = configOrRefuse().access.oidc.find((known) => known.name === name);
    const database = readDatabase();
    if (provider === undefined || 'problem' in database) return refuseForm(404, 'There is no such identity provider.');
    const redirectUri = `${originOrRefuse(request.headers)}/sign-in/oidc/${name}/callback`;
    const lapsed = query.has('renew') ? lapsedSession(request.headers) : null;
    if (query.has('renew') && lapsed?.provider !== name) return leadOn({ location: problemUrl('again', next) });
    const begun = await beginOidc({ database, now: Date.now, log }, { provider, redirectUri, next, lapsed }).catch(
      (error: unknown) => {
        if (error instanceof AccessRefusedError) return 'busy' as const;
        log.error({ provider: name, reason: String(error) }, 'the identity provider cannot be used');
        return 'unreachable' as const;
      },
    );
    if (typeof begun === 'string') return leadOn({ location: problemUrl(begun, next) });
    return leadOn({ location: begun.url, cookies: [stepCookie(begun.secret, OIDC_STEP_LASTS)] });
  } catch (error) {
    return refuseForm(...refusalOf(error));
  }
}
