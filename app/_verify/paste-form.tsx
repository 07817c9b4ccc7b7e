'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { StateGlyph } from '../_ui/state-mark.tsx';
import { ExpectationFields } from './expectation-fields.tsx';
import { sendForm } from './send-list.ts';

/** A list of hashes that was made elsewhere. Works without JavaScript; with it, a refusal is said beside the list. */
export function PasteForm({ models }: { models: readonly string[] }) {
  const router = useRouter();
  const [problem, setProblem] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setSending(true);
    setProblem(null);
    const sent = await sendForm(new FormData(event.currentTarget));
    if ('url' in sent) return router.push(sent.url);
    setProblem(sent.problem);
    setSending(false);
  };
  return (
    <form
      action="/verify/check"
      method="post"
      encType="multipart/form-data"
      onSubmit={submit}
      className="flex flex-col gap-4"
    >
      <label className="flex flex-col gap-1">
        <span className="font-medium">The list</span>
        <textarea
          name="list"
          rows={6}
          spellCheck={false}
          aria-describedby="list-note"
          className="control mono w-full"
          placeholder="b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c  model.safetensors"
        />
      </label>
      <p id="list-note" className="-mt-3 max-w-[90ch] text-muted">
        What sha256sum, b2sum or b3sum print, a model’s signature (model.sig), the JSON of “modeltrail hash”, or the
        Hugging Face Hub’s listing of a repository with its files’ digests.
      </p>
      <label className="flex flex-col gap-1">
        <span className="font-medium">Or a file with it</span>
        <input type="file" name="file" className="control w-full py-1" />
      </label>
      <ExpectationFields prefix="paste" models={models} />
      {problem === null ? null : (
        <p role="alert" className="flex items-start gap-2 rounded bg-broken-tint px-3 py-2 text-broken">
          <span className="mt-0.5">
            <StateGlyph tone="broken" />
          </span>
          <span className="min-w-0 wrap-anywhere">{problem}</span>
        </p>
      )}
      <div>
        <button type="submit" className="button button-accent disabled:opacity-60" disabled={isSending}>
          {isSending ? 'Sending…' : 'Verify the list'}
        </button>
      </div>
    </form>
  );
}
