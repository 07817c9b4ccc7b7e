import { redirect } from 'next/navigation';
import { connection } from 'next/server';
import { needsSetup } from '#lib/services/access/needs-setup.ts';
import { Field } from '../../_access/field.tsx';
import { NewPasswordFields } from '../../_access/new-password-fields.tsx';
import { webConfig } from '../../_server/configuration.ts';
import { readDatabase } from '../../_server/database.ts';

export const metadata = { title: 'Set up' };

/** Makes the first admin, for whoever has the code from the console. Later there is nothing here. */
export default async function SetupPage() {
  await connection();
  const database = readDatabase();
  const isOpen = webConfig()?.access.localAccounts && !('problem' in database) && (await needsSetup(database));
  if (!isOpen) redirect('/sign-in');
  return (
    <div className="flex flex-col gap-5">
      <h1 className="text-xl font-semibold tracking-tight">Set up Modeltrail</h1>
      <p>
        Nobody is admin here yet. The console of <span className="mono">npm start</span> printed a code, which makes the
        first one. It counts once, for a day; <span className="mono">modeltrail user setup-code</span> prints another.
      </p>
      <form action="/setup/create" method="post" className="panel flex flex-col gap-4 p-4">
        <Field label="Code" name="code" autoComplete="one-time-code" isMono maxLength={100} />
        <Field
          label="Your name"
          name="name"
          autoComplete="name"
          maxLength={100}
          note="As others see it in the audit."
        />
        <Field
          label="Login"
          name="login"
          autoComplete="username"
          maxLength={100}
          note="A short name or an e-mail address."
        />
        <NewPasswordFields />
        <button type="submit" className="button button-accent self-start">
          Make the first admin
        </button>
      </form>
    </div>
  );
}
