import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const STACK = process.env.STACK_DIR ?? '';

export const ENDPOINTS = stackFile('endpoints.json');
export const TRUSTED_ROOT = ['--trusted-root', stackFile('trusted_root.json')];
/** The major version of the API of the log that is written to. */
export const LOGS = ['v1', 'v2'] as const;

export type Log = (typeof LOGS)[number];

/** Who signs: a person by e-mail, or a workflow. */
export interface Identity {
  readonly label: string;
  readonly san: string;
  readonly issuer: string;
  /** Where the stack's issuer gives its tokens. */
  readonly tokenUrl: string;
}

/** A file of the running stack. */
export function stackFile(name: string): string {
  return join(STACK, name);
}

export function identities(): readonly Identity[] {
  const { oidc } = JSON.parse(readFileSync(ENDPOINTS, 'utf8')) as { readonly oidc: string };
  const email = 'release-bot@models.example';
  return [
    { label: 'email', san: email, issuer: oidc, tokenUrl: `${oidc}/token?raw=1&email=${email}` },
    {
      label: 'workflow',
      san: 'https://github.com/acme/models/.github/workflows/release.yml@refs/tags/v1.2.0',
      issuer: `${oidc}/actions`,
      tokenUrl: `${oidc}/actions/token?raw=1&repository=acme/models&ref=refs/tags/v1.2.0`,
    },
  ];
}

/** Gets a token, and writes it into a file as well. */
export async function fetchToken({ tokenUrl }: Identity, file: string): Promise<string> {
  const response = await fetch(tokenUrl, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`The issuer of the stack answered ${response.status}.`);
  const text = await response.text();
  await writeFile(file, text);
  return text.trim();
}
