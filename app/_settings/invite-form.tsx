'use client';

import type { ReactNode } from 'react';
import { Field } from '../_access/field.tsx';
import { Choices } from './choices.tsx';
import type { SecretAction } from './secret-answer.ts';
import { SecretForm } from './secret-form.tsx';

interface Props {
  readonly action: SecretAction;
  readonly roles: readonly { readonly value: string; readonly meaning: string }[];
}

const WORDS = {
  refused: 'Nobody was invited',
  secret: 'invitation',
  made: (name: ReactNode) => (
    <>
      {name} signs in with this link, once, within three days. Give it to nobody else; it is not stored, and cannot be
      shown again.
    </>
  ),
};

/** Invites somebody, and shows the link this once. */
export function InviteForm({ action, roles }: Props) {
  return (
    <SecretForm action={action} words={WORDS} button="Invite">
      {(given) => (
        <>
          <div className="grid max-w-[50rem] gap-4 sm:grid-cols-2">
            <Field label="Name" name="name" autoComplete="off" maxLength={100} value={given.name?.[0]} />
            <Field
              label="Login"
              name="login"
              autoComplete="off"
              maxLength={100}
              value={given.login?.[0]}
              note="A short name or an e-mail address."
            />
          </div>
          <Choices legend="Role" name="role" type="radio" choices={roles} chosen={given.role} />
        </>
      )}
    </SecretForm>
  );
}

/** Lets somebody who has lost the password set another. */
export function ResetForm({ action, userId, name }: { action: SecretAction; userId: string; name: string }) {
  const button = (
    <>
      Let a new password be set<span className="sr-only"> by {name}</span>
    </>
  );
  return <SecretForm action={action} words={WORDS} button={button} hidden={{ user: userId }} />;
}
