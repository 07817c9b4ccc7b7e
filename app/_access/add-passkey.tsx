'use client';

import { type PublicKeyCredentialCreationOptionsJSON, startRegistration } from '@simplewebauthn/browser';
import { useState } from 'react';
import { postJson, sayProblem } from './post-json.ts';

/** Makes a passkey in this browser, and adds it to one's account. */
export function AddPasskey() {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const add = async (form: FormData) => {
    setBusy(true);
    setProblem(null);
    try {
      const path = '/settings/account/passkeys';
      const { options } = await postJson<{ options: PublicKeyCredentialCreationOptionsJSON }>(`${path}/options`, {});
      const response = await startRegistration({ optionsJSON: options });
      await postJson(path, { response, name: String(form.get('name') ?? '') });
      window.location.reload();
    } catch (error) {
      setProblem(sayProblem(error));
      setBusy(false);
    }
  };
  return (
    <form action={add} className="flex flex-col gap-3">
      <label className="flex max-w-96 flex-col gap-1">
        <span className="font-medium">Name</span>
        <input name="name" required maxLength={100} autoComplete="off" className="control w-full" />
        <span className="text-muted">Which device or key it is: work laptop.</span>
      </label>
      <button type="submit" disabled={isBusy} className="button self-start">
        Add a passkey
      </button>
      <noscript>Passkeys need JavaScript.</noscript>
      <p role="status">{problem}</p>
    </form>
  );
}
