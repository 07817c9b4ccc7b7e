'use client';

import type { ReactNode } from 'react';
import { Choices } from './choices.tsx';
import type { SecretAction } from './secret-answer.ts';
import { SecretForm } from './secret-form.tsx';
import { EXPIRIES } from './token-expiries.ts';

interface Props {
  readonly action: SecretAction;
  readonly scopes: readonly { readonly value: string; readonly meaning: string }[];
}

const WORDS = {
  refused: 'No token was made',
  secret: 'token',
  made: (name: ReactNode) => <>The token {name} is made. Copy it now: it is not stored, and cannot be shown again.</>,
};

/** Makes a token and shows it this once. */
export function CreateTokenForm({ action, scopes }: Props) {
  return (
    <SecretForm action={action} words={WORDS} button="Make token">
      {(given) => (
        <>
          <label className="flex max-w-96 flex-col gap-1">
            <span className="font-medium">Name</span>
            <input
              name="name"
              required
              maxLength={100}
              defaultValue={given.name?.[0]}
              autoComplete="off"
              className="control w-full"
              aria-describedby="name-note"
            />
            <span id="name-note" className="text-muted">
              Where it is used: release pipeline. Names are used once; deliveries are listed by them.
            </span>
          </label>
          <Choices legend="What it may do" name="scope" type="checkbox" choices={scopes} chosen={given.scope} isMono />
          <label className="flex max-w-96 flex-col gap-1">
            <span className="font-medium">Runs out</span>
            <select name="expires" defaultValue={given.expires?.[0] ?? '90'} className="control w-full">
              {EXPIRIES.map((days) => (
                <option key={days} value={days}>
                  {days === 'never' ? 'never' : `in ${days} days`}
                </option>
              ))}
            </select>
          </label>
        </>
      )}
    </SecretForm>
  );
}
