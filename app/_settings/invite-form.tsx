'use client';

import { useActionState } from 'react';
import { Field } from '../_access/field.tsx';
import { CodeBlock } from '../_ui/code-block.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import type { InviteAnswer } from './invite-answer.ts';

type Action = (before: InviteAnswer | null, form: FormData) => Promise<InviteAnswer>;

interface Props {
  readonly action: Action;
  readonly roles: readonly { readonly role: string; readonly meaning: string }[];
}

/** Invites somebody, and shows the link this once; works without JavaScript. */
export function InviteForm({ action, roles }: Props) {
  const [answer, submit, isPending] = useActionState(action, null);
  return (
    <form action={submit} className="flex flex-col gap-4">
      <div role="status">{answer === null ? null : <Answer answer={answer} />}</div>
      <div className="grid max-w-[50rem] gap-4 sm:grid-cols-2">
        <Field label="Name" name="name" autoComplete="off" maxLength={100} />
        <Field
          label="Login"
          name="login"
          autoComplete="off"
          maxLength={100}
          note="A short name or an e-mail address."
        />
      </div>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1 font-medium">Role</legend>
        {roles.map(({ role, meaning }, i) => (
          <label key={role} className="inline-flex min-h-6 items-start gap-2">
            <input
              type="radio"
              name="role"
              value={role}
              defaultChecked={i === 0}
              className="mt-0.5 size-4 shrink-0 accent-accent"
            />
            <span>
              <span className="font-medium">{role}</span> <span className="text-muted">{meaning}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <button type="submit" disabled={isPending} className="button button-accent self-start">
        Invite
      </button>
    </form>
  );
}

/** Lets somebody who has lost the password set another. */
export function ResetForm({ action, userId, name }: { action: Action; userId: string; name: string }) {
  const [answer, submit, isPending] = useActionState(action, null);
  return (
    <form action={submit} className="flex flex-col gap-2">
      <input type="hidden" name="user" value={userId} />
      <button type="submit" disabled={isPending} className="button self-start">
        Let a new password be set<span className="sr-only"> by {name}</span>
      </button>
      <div role="status">{answer === null ? null : <Answer answer={answer} />}</div>
    </form>
  );
}

function Answer({ answer }: { answer: InviteAnswer }) {
  if (answer.outcome === 'refused') {
    const state = { tone: 'broken', word: 'Nobody was invited', meaning: 'The form was refused.' } as const;
    return (
      <p className="flex flex-wrap gap-x-3">
        <StateMark state={state} /> <span className="wrap-anywhere">{answer.reason}</span>
      </p>
    );
  }
  return (
    <div className="flex flex-col gap-2">
      <p>
        <bdi className="font-medium">{answer.name}</bdi> signs in with this link, once, within three days. Give it to
        nobody else; it is not stored, and cannot be shown again.
      </p>
      <CodeBlock text={answer.link} label="invitation" />
    </div>
  );
}
