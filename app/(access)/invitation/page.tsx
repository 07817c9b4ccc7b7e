import { connection } from 'next/server';
import { readCode } from '#lib/services/access/secret.ts';
import { Field } from '../../_access/field.tsx';
import { NewPasswordFields } from '../../_access/new-password-fields.tsx';

export const metadata = { title: 'Invitation' };

interface Props {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

/** Sets a password, for whoever was given a code by an admin. */
export default async function InvitationPage({ searchParams }: Props) {
  await connection();
  const { code } = await searchParams;
  const given = typeof code === 'string' ? readCode(code) : null;
  return (
    <div className="flex flex-col gap-5">
      <h1 className="text-xl font-semibold tracking-tight">Set your password</h1>
      <p>
        An admin gave you a code. It counts once, for three days, and signs you in with the password that you choose
        here.
      </p>
      <form action="/invitation/accept" method="post" className="panel flex flex-col gap-4 p-4">
        <Field label="Code" name="code" autoComplete="one-time-code" isMono maxLength={100} value={given ?? ''} />
        <NewPasswordFields />
        <button type="submit" className="button button-accent self-start">
          Set password and sign in
        </button>
      </form>
    </div>
  );
}
