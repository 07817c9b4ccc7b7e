'use client';

import { type PublicKeyCredentialRequestOptionsJSON, startAuthentication } from '@simplewebauthn/browser';
import { useState } from 'react';
import { postJson, sayProblem } from './post-json.ts';

/** Signs in with a passkey of this browser. */
export function PasskeyButton({ next }: { next: string }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const signIn = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const path = '/sign-in/passkey';
      const { options } = await postJson<{ options: PublicKeyCredentialRequestOptionsJSON }>(`${path}/options`, {});
      const response = await startAuthentication({ optionsJSON: options });
      const { url } = await postJson<{ url: string }>(path, { response, next });
      window.location.assign(url);
    } catch (error) {
      setProblem(sayProblem(error));
      setBusy(false);
    }
  };
  return (
    <div className="flex flex-col gap-2">
      <button type="button" className="button self-start" disabled={isBusy} onClick={signIn}>
        Sign in with a passkey
      </button>
      <p role="status">{problem}</p>
    </div>
  );
}
