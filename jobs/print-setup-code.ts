import type { Config } from '#lib/config/schema.ts';
import { makeSetupCode } from '#lib/services/access/make-setup-code.ts';
import { needsSetup } from '#lib/services/access/needs-setup.ts';
import type { ServiceContext } from '#lib/services/context.ts';

/**
 * Prints the code that makes the first admin, to whoever can read this console: at each start until there is one. It is in no
 * log file, and stored as a hash.
 */
export async function printSetupCode(ctx: ServiceContext, { access, server }: Config): Promise<void> {
  if (!access.localAccounts || access.withoutSignIn !== undefined || !(await needsSetup(ctx.database))) return;
  const code = makeSetupCode(ctx, { kind: 'jobs' });
  const url = access.publicUrl ?? `http://localhost:${server.port}`;
  console.log(`
Nobody can sign in yet. Open ${url}/setup and make the first admin with this code:

    ${code}

It counts once, within 24 hours. The next start prints another, as does: modeltrail user setup-code
`);
}
