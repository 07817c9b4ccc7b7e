import type { RemoteClient } from '#lib/remote/client.ts';
import { asText } from '#lib/remote/strict-answer.ts';
import { askService, readingAnswer, readServiceJson } from './service-client.ts';
import { SigningError } from './signing-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface AmbientToken {
  readonly jwt: string;
  /** Where it comes from, for people. */
  readonly source: string;
}

/**
 * The token that the surroundings give: SIGSTORE_ID_TOKEN (GitLab's `id_tokens`, or whoever set it), else one that GitHub
 * Actions issues for the job. Null where there is neither.
 *
 * @throws {SigningError} where GitHub Actions offers one and does not give it.
 */
export async function ambientToken(client: RemoteClient, environment: Environment): Promise<AmbientToken | null> {
  const { SIGSTORE_ID_TOKEN: given, GITHUB_ACTIONS: isGitHub } = environment;
  if (given !== undefined && given !== '') return { jwt: given, source: 'SIGSTORE_ID_TOKEN' };
  if (isGitHub !== 'true') return null;
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = environment;
  if (!url || !bearer) {
    throw new SigningError(
      'GitHub Actions gives this job no identity token. Add `permissions: id-token: write` to it.',
    );
  }
  return { jwt: await requestFromGitHub(client, url, bearer), source: 'GitHub Actions' };
}

async function requestFromGitHub(client: RemoteClient, address: string, bearer: string): Promise<string> {
  const url = URL.canParse(address) ? new URL(address) : null;
  const isLocal = url?.hostname === '127.0.0.1';
  if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLocal))) {
    throw new SigningError('ACTIONS_ID_TOKEN_REQUEST_URL is no https address: the request carries a secret.');
  }
  url.searchParams.set('audience', 'sigstore');
  const service = { name: 'The token service of GitHub Actions', url: url.origin };
  const answer = await askService(client, service, {
    path: url.pathname + url.search,
    headers: { authorization: `Bearer ${bearer}`, accept: 'application/json' },
    secret: bearer,
  });
  const json = readServiceJson(service, answer.bytes);
  return readingAnswer(service, () => asText(json.value, 'value', 64 * 1024));
}
