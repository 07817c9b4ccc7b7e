import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The Sigstore stack that is written to: its folder holds endpoints.json and trusted_root.json. */
export interface Stack {
  readonly trustedRoot: string;
  readonly oidc: string;
  readonly fulcio: string;
  readonly rekor1: string;
  readonly rekor1Hostname: string;
  readonly rekor2: string;
  readonly rekor2Origin: string;
}

/** @throws where the folder holds no running stack's files. */
export function readStack(folder: string): Stack {
  const endpoints = JSON.parse(readFileSync(join(folder, 'endpoints.json'), 'utf8')) as Omit<Stack, 'trustedRoot'>;
  return { ...endpoints, trustedRoot: join(folder, 'trusted_root.json') };
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Asks a service of the stack; an answer of whatever status is an answer. */
export async function ask(url: string, body?: object): Promise<Answer> {
  const response = await fetch(url, {
    method: body ? 'POST' : 'GET',
    signal: AbortSignal.timeout(60_000),
    ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
  });
  return { status: response.status, text: await response.text() };
}

/** @throws where the service does not answer with 2xx and JSON. */
export async function askJson<T>(url: string, body?: object): Promise<T> {
  const { status, text } = await ask(url, body);
  if (status < 200 || status > 299) throw new Error(`${url} answered ${status}: ${text.slice(0, 200)}`);
  return JSON.parse(text) as T;
}
