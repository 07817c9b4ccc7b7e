import { createLogger } from '#lib/logger.ts';
import { AccessRefusedError } from '#lib/services/access/access-refused.ts';
import { ForeignSignInError, finishOidc } from '#lib/services/access/finish-oidc.ts';
import { NotRenewedError } from '#lib/services/access/not-renewed.ts';
import { type Problem, problemUrl } from '../../../../../_access/sign-in-answer.ts';
import { readDatabase } from '../../../../../_server/database.ts';
import { leadOn, refusalOf, refuseForm } from '../../../../../_server/local-form.ts';
import { stepCookie, stepOf } from '../../../../../_server/step-cookie.ts';
import { configOrRefuse, sessionCookie, visitorOf } from '../../../../../_server/visitor.ts';

export const dynamic = 'force-dynamic';

interface Context {
  readonly params: Promise<{ name: string }>;
}

/** Where an identity provider sends the browser back to. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { name } = await params;
  const { headers } = request;
  const log = createLogger('web');
  try {
    const provider = configOrRefuse().access.oidc.find((known) => known.name === name);
    const database = readDatabase();
    if (provider === undefined || 'problem' in database) return refuseForm(404, 'There is no such identity provider.');
    const answer = { provider, query: new URL(request.url).search, secret: stepOf(headers) };
    const done = await finishOidc({ database, now: Date.now, log }, answer, visitorOf(headers)).catch(
      (error: unknown) => {
        log.warn({ provider: name, reason: String(error) }, 'a sign-in with an identity provider failed');
        if (error instanceof NotRenewedError) return problemUrl('again', error.next);
        return problemUrl(problemOf(error), '/');
      },
    );
    const over = stepCookie('', 0);
    if (typeof done === 'string') return leadOn({ location: done, cookies: [over] });
    return leadOn({ location: done.next, cookies: [sessionCookie(done.session), over] });
  } catch (error) {
    return refuseForm(...refusalOf(error));
  }
}

function problemOf(error: unknown): Problem {
  if (error instanceof ForeignSignInError) return 'foreign';
  if (error instanceof AccessRefusedError && error.reason !== 'other') return error.reason;
  return 'refused';
}
