import { AnswerError } from '#lib/remote/answer-error.ts';
import type { RemoteClient } from '#lib/remote/client.ts';
import { asMap, asText, asTextOrNull, parseAnswer } from '#lib/remote/strict-answer.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

const MAX_ANSWER = 64 * 1024;
const MAX_CHALLENGE = 4096;
const PARAMETER = /([a-z]{1,20})="([^"]{0,2048})"/gi;

/** What a registry's 401 asks for (RFC 9110 11.6.1; the token protocol of the distribution project). */
export type Challenge =
  | { readonly scheme: 'basic' }
  | { readonly scheme: 'bearer'; readonly realm: URL; readonly service: string | null; readonly scope: string | null };

/** @throws {AnswerError} where it is none that can be answered. */
export function parseChallenge(header: string | null): Challenge {
  const text = header ?? '';
  if (text.length > MAX_CHALLENGE)
    throw new AnswerError(`The registry's WWW-Authenticate has ${text.length} characters.`);
  if (/^basic\b/i.test(text)) return { scheme: 'basic' };
  const given = new Map([...text.matchAll(PARAMETER)].map(([, key = '', value = '']) => [key.toLowerCase(), value]));
  const realm = given.get('realm');
  if (!/^bearer\b/i.test(text) || realm === undefined || !URL.canParse(realm)) {
    throw new AnswerError(`The registry asks for a login of an unknown kind: ${JSON.stringify(text.slice(0, 120))}.`);
  }
  return {
    scheme: 'bearer',
    realm: new URL(realm),
    service: given.get('service') ?? null,
    scope: given.get('scope') ?? null,
  };
}

/**
 * Answers a challenge with what to send as Authorization. The password goes to a token server over https only, or where
 * the registry itself is on plain http, to the same host.
 *
 * @param base address of the registry.
 * @throws {AnswerError | FetchError}
 */
export async function logIn(
  client: RemoteClient,
  base: string,
  challenge: Challenge,
  credentials: Credentials | null,
  signal?: AbortSignal,
): Promise<string> {
  const basic =
    credentials && `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
  if (challenge.scheme === 'basic') {
    if (basic) return basic;
    throw new AnswerError('The registry wants a login. Add username and password-file to the source.');
  }
  const { realm, service, scope } = challenge;
  const registry = new URL(base);
  const isSameHost = realm.host === registry.host && realm.protocol === registry.protocol;
  if (realm.protocol !== 'https:' && !isSameHost) {
    throw new AnswerError(
      `The registry sends logins to ${realm.origin}, which is neither https nor the registry itself.`,
    );
  }
  if (service !== null) realm.searchParams.set('service', service);
  if (scope !== null) realm.searchParams.set('scope', scope);
  const answer = await client.send(realm.href, {
    limit: MAX_ANSWER,
    signal,
    ...(basic && { headers: { authorization: basic } }),
  });
  const what = 'The token server';
  const json = asMap(parseAnswer(answer.bytes, what, MAX_ANSWER), what);
  const token =
    asTextOrNull(json.token, `${what}: token`, MAX_ANSWER) ??
    asText(json.access_token, `${what}: access_token`, MAX_ANSWER);
  if (!/^[\x21-\x7e]+$/.test(token)) throw new AnswerError(`${what} gave a token that no header can carry.`);
  return `Bearer ${token}`;
}
