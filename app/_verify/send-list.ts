'use client';

/** What became of sending: the receipt's address, or why there is none. */
export type Sent = { readonly url: string } | { readonly problem: string };

const EXPECTED = ['model', 'version', 'place'] as const;

/** Sends a list that was made here, as it was shown, and what the form says that it should be. */
export function sendJson(json: string, form: FormData): Promise<Sent> {
  const query = new URLSearchParams();
  for (const name of EXPECTED) {
    const value = form.get(name);
    if (typeof value === 'string' && value.trim() !== '') query.set(name, value.trim());
  }
  return send(`/verify/check?${query}`, { body: json, headers: { 'Content-Type': 'application/json' } });
}

/** Sends a form with a list in it. */
export function sendForm(form: FormData): Promise<Sent> {
  return send('/verify/check', { body: form, headers: {} });
}

async function send(
  url: string,
  { body, headers }: { body: BodyInit; headers: Record<string, string> },
): Promise<Sent> {
  try {
    const response = await fetch(url, { method: 'POST', body, headers: { ...headers, Accept: 'application/json' } });
    const answer: unknown = await response.json().catch(() => null);
    if (typeof answer === 'object' && answer !== null) {
      if ('url' in answer && typeof answer.url === 'string' && answer.url.startsWith('/verifications/'))
        return { url: answer.url };
      if ('problem' in answer && typeof answer.problem === 'string') return { problem: answer.problem };
    }
    return { problem: `The server answered with status ${response.status} and no reason. Try again later.` };
  } catch {
    return { problem: 'The server could not be reached; nothing was sent. Check the connection, and send again.' };
  }
}
