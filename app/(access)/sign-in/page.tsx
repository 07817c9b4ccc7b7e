import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { connection } from 'next/server';
import { nextPath } from '#lib/http/next-path.ts';
import { needsSetup } from '#lib/services/access/needs-setup.ts';
import { PasswordForm } from '../../_access/password-form.tsx';
import { ProblemNotice } from '../../_access/problem-notice.tsx';
import { Providers } from '../../_access/providers.tsx';
import { Renewal } from '../../_access/renewal.tsx';
import { problemSentence } from '../../_access/sign-in-answer.ts';
import { lapsedSession, whoAsks } from '../../_server/asker.ts';
import { webConfig } from '../../_server/configuration.ts';
import { readDatabase } from '../../_server/database.ts';
import { AppLink } from '../../_ui/app-link.tsx';

export const metadata = { title: 'Sign in' };

interface Props {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

/** Lets people in by the ways that the configuration allows, or says why nobody can be let in. */
export default async function SignInPage({ searchParams }: Props) {
  await connection();
  const { problem, next: given } = await searchParams;
  const next = nextPath(typeof given === 'string' ? given : null);
  const asked = await headers();
  if ((await whoAsks(asked))?.session) redirect(next);
  const lapsed = problem === undefined ? lapsedSession(asked) : null;
  const sentence = problemSentence(typeof problem === 'string' ? problem : undefined);
  return (
    <div className="flex flex-col gap-5">
      <h1 className="text-xl font-semibold tracking-tight">Sign in</h1>
      {sentence === null ? null : <Sentence problem={problem}>{sentence}</Sentence>}
      {lapsed === null ? null : <Renewal provider={lapsed.provider} next={next} />}
      <Ways next={next} />
    </div>
  );
}

/** Why somebody is here. To be asked again by a provider is in the course of things. */
function Sentence({ problem, children }: { problem: string | string[] | undefined; children: string }) {
  if (problem !== 'again') return <ProblemNotice>{children}</ProblemNotice>;
  return <p className="rounded border border-line bg-surface px-3 py-2">{children}</p>;
}

async function Ways({ next }: { next: string }) {
  const config = webConfig();
  if (config === null) {
    return (
      <ProblemNotice>
        The configuration file cannot be read, so that nobody can be let in. The log of the web process says what is
        wrong with it; <span className="mono">modeltrail config check</span> does too.
      </ProblemNotice>
    );
  }
  const database = readDatabase();
  if ('problem' in database) {
    return <ProblemNotice>The database cannot be read, so that nobody can be let in. Start the jobs.</ProblemNotice>;
  }
  const { localAccounts, passkeys, oidc } = config.access;
  const isNew = localAccounts && (await needsSetup(database));
  return (
    <>
      {isNew ? (
        <p className="rounded border border-line bg-surface px-3 py-2">
          Nobody is admin here yet. Whoever started Modeltrail <AppLink href="/setup">sets it up</AppLink> with the code
          that the console printed.
        </p>
      ) : null}
      {oidc.length > 0 ? <Providers providers={oidc} next={next} /> : null}
      {localAccounts ? <PasswordForm next={next} hasPasskeys={passkeys} /> : null}
    </>
  );
}
