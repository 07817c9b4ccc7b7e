'use client';

import { useActionState } from 'react';
import { CodeBlock } from '../_ui/code-block.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { EXPIRIES, type TokenAnswer } from './token-answer.ts';

interface Props {
  readonly action: (before: TokenAnswer | null, form: FormData) => Promise<TokenAnswer>;
  readonly scopes: readonly { readonly scope: string; readonly meaning: string }[];
}

/** Makes a token and shows it this once; works without JavaScript. */
export function CreateTokenForm({ action, scopes }: Props) {
  const [answer, submit, isPending] = useActionState(action, null);
  return (
    <form action={submit} className="flex flex-col gap-4">
      <div role="status">{answer === null ? null : <Answer answer={answer} />}</div>
      <label className="flex max-w-96 flex-col gap-1">
        <span className="font-medium">Name</span>
        <input
          name="name"
          required
          maxLength={100}
          autoComplete="off"
          className="control w-full"
          aria-describedby="name-note"
        />
        <span id="name-note" className="text-muted">
          Where it is used: release pipeline. Names are used once; deliveries are listed by them.
        </span>
      </label>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1 font-medium">What it may do</legend>
        {scopes.map(({ scope, meaning }) => (
          <label key={scope} className="inline-flex min-h-6 items-start gap-2">
            <input type="checkbox" name="scope" value={scope} className="mt-0.5 size-4 shrink-0 accent-accent" />
            <span>
              <span className="mono">{scope}</span> <span className="text-muted">{meaning}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <label className="flex max-w-96 flex-col gap-1">
        <span className="font-medium">Runs out</span>
        <select name="expires" defaultValue="90" className="control w-full">
          {EXPIRIES.map((days) => (
            <option key={days} value={days}>
              {days === 'never' ? 'never' : `in ${days} days`}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" disabled={isPending} className="button button-accent self-start">
        Make token
      </button>
    </form>
  );
}

function Answer({ answer }: { answer: TokenAnswer }) {
  if (answer.outcome === 'refused') {
    const state = { tone: 'broken', word: 'No token was made', meaning: 'The form was refused.' } as const;
    return (
      <p className="flex flex-wrap gap-x-3">
        <StateMark state={state} /> <span className="wrap-anywhere">{answer.reason}</span>
      </p>
    );
  }
  return (
    <div className="flex flex-col gap-2">
      <p>
        The token <bdi className="font-medium">{answer.name}</bdi> is made. Copy it now: it is not stored, and cannot be
        shown again.
      </p>
      <CodeBlock text={answer.token} label="token" />
    </div>
  );
}
