'use client';

/** Sends JSON to a route of ours. @throws {Error} with the sentence of a refusal. */
export async function postJson<T>(url: string, body: object): Promise<T> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const json = (await answer.json()) as T & { problem?: string };
  if (!answer.ok) throw new Error(json.problem ?? 'The server refused it.');
  return json;
}

/** What to say of a failure: browsers call it NotAllowedError where somebody declined, or took too long. */
export function sayProblem(error: unknown): string {
  if (!(error instanceof Error)) return 'It did not work.';
  return error.name === 'NotAllowedError' ? 'The browser was given no passkey.' : error.message;
}
