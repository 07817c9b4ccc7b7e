import { hash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { interactiveToken } from '#lib/signing/interactive-token.ts';
import { AnsweringServer } from '#test/support/answering-server.ts';

/** A minimal OpenID provider: it signs everybody in, and holds the client to PKCE. */
let provider: AnsweringServer;
let challenge = '';
let nonce = '';
let given: string[] = [];

beforeEach(async () => {
  provider = await AnsweringServer.start();
  provider.answer = (request) => {
    if (request.path.startsWith('/.well-known/'))
      return json({
        issuer: provider.url,
        authorization_endpoint: `${provider.url}/auth`,
        token_endpoint: `${provider.url}/token`,
        response_types_supported: ['code'],
        code_challenge_methods_supported: ['S256'],
      });
    const form = new URLSearchParams(request.body);
    const proof = hash('sha256', form.get('code_verifier') ?? '', 'buffer').toString('base64url');
    if (form.get('code') !== 'the-code' || proof !== challenge)
      return { ...json({ error: 'invalid_grant' }), status: 400 };
    given = [idToken()];
    return json({ access_token: 'x', token_type: 'bearer', id_token: given[0] });
  };
});
afterEach(() => provider.stop());

const json = (value: object) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) });

function idToken(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const iat = Math.trunc(Date.now() / 1000);
  return `${part({ alg: 'RS256' })}.${part({ iss: provider.url, sub: 'abc', aud: 'sigstore', iat, exp: iat + 60, nonce })}.c2ln`;
}

/** What a browser does: it takes the answer of the provider to the redirect. */
function signIn(url: string, change: (answer: URLSearchParams) => void = () => {}): Promise<Response> {
  const asked = new URL(url).searchParams;
  challenge = asked.get('code_challenge') ?? '';
  nonce = asked.get('nonce') ?? '';
  const redirect = new URL((asked.get('redirect_uri') ?? '').replace('localhost', '127.0.0.1'));
  const answer = new URLSearchParams({ code: 'the-code', state: asked.get('state') ?? '' });
  change(answer);
  redirect.search = answer.toString();
  return fetch(redirect);
}

describe('signing in with a browser', () => {
  it('gives the token for the code, proved with PKCE', async () => {
    const token = await interactiveToken(provider.url, { show: (url) => void signIn(url) });
    expect(given).toEqual([token]);
    expect(challenge).not.toBe('');
  });

  it('pays no heed to an answer without its own state', async () => {
    const strangers: number[] = [];
    const show = async (url: string) => {
      strangers.push((await signIn(url, (answer) => answer.set('state', 'other'))).status);
      strangers.push((await signIn(url, (answer) => answer.delete('state'))).status);
      await signIn(url);
    };
    await interactiveToken(provider.url, { show: (url) => void show(url) });
    expect(strangers).toEqual([404, 404]);
  });

  it('says that the issuer refused, or that nobody signed in', async () => {
    const deny = (answer: URLSearchParams) => {
      answer.delete('code');
      answer.set('error', 'access_denied');
    };
    const show = (url: string) => void signIn(url, deny);
    await expect(interactiveToken(provider.url, { show })).rejects.toThrow(/failed: access_denied/);
    await expect(interactiveToken(provider.url, { show: () => {}, timeout: 50 })).rejects.toThrow(/Nobody signed in/);
  });

  it('refuses an issuer without protection', async () => {
    await expect(interactiveToken('http://issuer.example', { show: () => {} })).rejects.toThrow(/no https address/);
  });
});
