'use client';

import { Fragment, type ReactNode, useActionState, useEffect, useRef } from 'react';
import { CodeBlock } from '../_ui/code-block.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import type { Given, SecretAction, SecretAnswer } from './secret-answer.ts';

interface Words {
  /** That nothing was made. */
  readonly refused: string;
  /** What the secret is, for whoever copies it without seeing it. */
  readonly secret: string;
  /** What to do with the secret of this name. */
  readonly made: (name: ReactNode) => ReactNode;
}

interface Props {
  readonly action: SecretAction;
  readonly words: Words;
  readonly button: ReactNode;
  /** What is asked before a secret is made; without it the button is a plain one, of a form beside others. */
  readonly children?: (given: Given) => ReactNode;
  /** What the form says besides what it asks. */
  readonly hidden?: Readonly<Record<string, string>>;
}

/** Makes a secret and shows it this once; works without JavaScript. */
export function SecretForm({ action, words, button, children, hidden = {} }: Props) {
  const [answer, submit, isPending] = useActionState(action, null);
  const shown = useRef<HTMLDivElement>(null);
  const given = answer?.outcome === 'refused' ? answer.given : {};
  // The button that was pressed can be a screen below.
  useEffect(() => {
    if (answer !== null) shown.current?.scrollIntoView({ block: 'nearest' });
  }, [answer]);
  return (
    <form action={submit} className={`flex flex-col ${children ? 'gap-4' : 'gap-2'}`}>
      <div ref={shown} role="status" className={`scroll-m-4 ${children ? 'empty:-mb-4' : 'empty:-mb-2'}`}>
        {answer === null ? null : <Answer answer={answer} words={words} />}
      </div>
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {children === undefined ? null : <Fragment key={JSON.stringify(given)}>{children(given)}</Fragment>}
      <button type="submit" disabled={isPending} className={`button self-start ${children ? 'button-accent' : ''}`}>
        {button}
      </button>
    </form>
  );
}

function Answer({ answer, words }: { answer: SecretAnswer; words: Words }) {
  if (answer.outcome === 'refused') {
    const state = { tone: 'broken', word: words.refused, meaning: 'The form was refused.' } as const;
    return (
      <p className="flex flex-wrap gap-x-3">
        <StateMark state={state} /> <span className="wrap-anywhere">{answer.reason}</span>
      </p>
    );
  }
  return (
    <div className="flex flex-col gap-2">
      <p>{words.made(<bdi className="font-medium">{answer.name}</bdi>)}</p>
      <CodeBlock text={answer.secret} label={words.secret} />
    </div>
  );
}
