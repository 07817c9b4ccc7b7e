import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sessions, users } from '#db/schema/user.ts';
import { type OidcProvider, oidcSchema } from '#lib/config/oidc-schema.ts';
import { beginOidc, OIDC_STEP_LASTS } from '#lib/services/access/begin-oidc.ts';
import { findLapsed } from '#lib/services/access/find-lapsed.ts';
import { finishOidc } from '#lib/services/access/finish-oidc.ts';
import { listSessions } from '#lib/services/access/list-sessions.ts';
import { NotRenewedError } from '#lib/services/access/not-renewed.ts';
import { IDLE, LIFETIME, sessionOf, setUpAda, visitor } from '#test/support/access.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { CLIENT, MintedProvider, type Misdeed } from '#test/support/minted-oidc.ts';

const REDIRECT = 'https://modeltrail.models.example/sign-in/oidc/accounts/callback';

let minted: MintedProvider;
let other: MintedProvider;
let ctx: TestContext;
let provider: OidcProvider;

const writtenAt = (issuer: string, name: string) => ({ name, issuer, 'client-id': CLIENT, 'allow-http': true });
const providerAt = (issuer: string, name: string) =>
  oidcSchema.parse({ ...writtenAt(issuer, name), 'default-role': 'viewer' });

beforeAll(async () => {
  [minted, other] = [await MintedProvider.open(), await MintedProvider.open()];
});
afterAll(async () => {
  await minted.close();
  await other.close();
});
beforeEach(() => {
  minted.misdeed = {};
  minted.claims = { sub: '7', name: 'Ida' };
  provider = providerAt(minted.issuer, 'accounts');
  ctx = openContext();
});

const begin = () => beginOidc(ctx, { provider, redirectUri: REDIRECT, next: '/models' });
const finish = (query: string, secret: string | null, by = provider) =>
  finishOidc(ctx, { provider: by, query, secret }, visitor());
const nobodyIsIn = () => {
  expect(ctx.database.db.select().from(users).all()).toEqual([]);
  expect(ctx.database.db.select().from(sessions).all()).toEqual([]);
};

describe('a sign-in with an identity provider', () => {
  it('asks for a code with PKCE, state and nonce, to be brought to the exact redirect URI', async () => {
    const asked = new URL((await begin()).url).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      client_id: CLIENT,
      redirect_uri: REDIRECT,
      scope: 'openid profile email',
      code_challenge_method: 'S256',
    });
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.get(name)).toMatch(/^[\w-]{43}$/);
  });

  it('lets in whoever the ID token names, and leads on', async () => {
    const { url, secret } = await begin();
    const { session, next } = await finish(minted.authorise(url), secret);
    expect([sessionOf(ctx, session, [provider]), next]).toMatchObject([
      { name: 'Ida', role: 'viewer', method: 'oidc' },
      '/models',
    ]);
    expect(ctx.database.db.select().from(users).all()).toMatchObject([
      { oidcIssuer: minted.issuer, oidcSubject: '7', login: null },
    ]);
  });

  it('counts once: neither cookie nor code can be used again', async () => {
    const { url, secret } = await begin();
    const query = minted.authorise(url);
    await finish(query, secret);
    await expect(finish(query, secret)).rejects.toThrow('was not begun in this browser');
    const again = await begin();
    const code = new URLSearchParams(query).get('code') ?? '';
    const replayed = new URLSearchParams(minted.authorise(again.url));
    replayed.set('code', code);
    await expect(finish(`?${replayed}`, again.secret)).rejects.toThrow();
    expect(ctx.database.db.select().from(sessions).all()).toHaveLength(1);
  });

  it('is of the browser that began it: no answer of somebody else’s is taken (login CSRF, stolen state)', async () => {
    const [mine, attackers] = [await begin(), await begin()];
    const planted = minted.authorise(attackers.url);
    await expect(finish(planted, mine.secret)).rejects.toThrow('state is not the one');
    await expect(finish(planted, null)).rejects.toThrow('was not begun in this browser');
    await expect(finish(planted, 'x'.repeat(43))).rejects.toThrow('was not begun in this browser');
    nobodyIsIn();
  });

  it('is over after ten minutes', async () => {
    const { url, secret } = await begin();
    ctx.tick(OIDC_STEP_LASTS + 1);
    await expect(finish(minted.authorise(url), secret)).rejects.toThrow('too long ago');
    nobodyIsIn();
  });

  it('is not mixed up with another provider: neither by address, nor by the issuer of the answer', async () => {
    const begun = await begin();
    const elsewhere = providerAt(other.issuer, 'elsewhere');
    await expect(finish(minted.authorise(begun.url), begun.secret, elsewhere)).rejects.toThrow('with this provider');
    const again = await begin();
    minted.misdeed = { iss: other.issuer };
    await expect(finish(minted.authorise(again.url), again.secret)).rejects.toThrow('invalid response');
    nobodyIsIn();
  });

  it('is not taken where a parameter comes twice, or says that it failed', async () => {
    for (const extra of ['&state=x', '&code=x', '&error=access_denied']) {
      const { url, secret } = await begin();
      await expect(finish(`${minted.authorise(url)}${extra}`, secret), extra).rejects.toThrow();
    }
    nobodyIsIn();
  });

  const past = Math.floor(Date.now() / 1000) - 3600;
  it.each<[string, Misdeed]>([
    ['another nonce', { claims: { nonce: 'x' } }],
    ['no nonce', { claims: { nonce: undefined } }],
    ['another issuer', { claims: { iss: 'https://elsewhere.example' } }],
    ['another audience', { claims: { aud: 'somebody-else' } }],
    ['several audiences, authorised for another', { claims: { aud: [CLIENT, 'x'], azp: 'x' } }],
    ['a time that is over', { claims: { iat: past - 60, exp: past } }],
    ['no subject', { claims: { sub: undefined } }],
    ['no signature', { algorithm: 'none' }],
    ['the signature of a key that the provider does not have', { foreignKey: true }],
    ['no ID token', { withoutIdToken: true }],
  ])('refuses an ID token with %s', async (_, misdeed) => {
    minted.misdeed = misdeed;
    const { url, secret } = await begin();
    await expect(finish(minted.authorise(url), secret)).rejects.toThrow();
    nobodyIsIn();
  });

  it('is not begun with a provider that calls itself otherwise', async () => {
    const renamed = providerAt(`${minted.issuer}/`, 'accounts');
    await expect(beginOidc(ctx, { provider: renamed, redirectUri: REDIRECT, next: '/' })).rejects.toThrow();
  });
});

describe('a session of an identity provider', () => {
  const AGAIN = 8 * 3_600_000;
  const lapsedOf = (secret: string, providers = [provider]) =>
    findLapsed(ctx.database, { secret, now: ctx.now(), lifetime: LIFETIME, idle: IDLE, providers });
  async function signIn(): Promise<string> {
    const { url, secret } = await begin();
    return (await finish(minted.authorise(url), secret)).session;
  }
  /** As the browser does it that holds a session that lapsed. */
  async function renew(session: string, answer = (url: string) => minted.authorise(url)) {
    const lapsed = lapsedOf(session);
    if (lapsed === null) throw new Error('the session did not lapse');
    const begun = await beginOidc(ctx, { provider, redirectUri: REDIRECT, next: '/models', lapsed });
    expect(new URL(begun.url).searchParams.get('prompt')).toBe('none');
    const asked = { provider, query: answer(begun.url), secret: begun.secret };
    return (await finishOidc(ctx, asked, visitor({ before: session }))).session;
  }

  it('is good until the provider must be asked again, and goes on when that says so', async () => {
    const session = await signIn();
    ctx.tick(AGAIN - 1);
    expect([sessionOf(ctx, session, [provider])?.name, lapsedOf(session)]).toEqual(['Ida', null]);
    ctx.tick(1);
    expect(sessionOf(ctx, session, [provider])).toBeNull();
    expect(lapsedOf(session)).toMatchObject({ provider: 'accounts' });
    const next = await renew(session);
    expect(sessionOf(ctx, next, [provider])?.name).toBe('Ida');
    expect([sessionOf(ctx, session, [provider]), lapsedOf(session)]).toEqual([null, null]);
  });

  it('has the role that the provider’s claims give by then, or none', async () => {
    const roles = [{ role: 'investigator', group: 'response' } as const];
    provider = oidcSchema.parse({ ...writtenAt(minted.issuer, 'accounts'), roles });
    minted.claims = { sub: '7', name: 'Ida', groups: ['response'] };
    const session = await signIn();
    ctx.tick(AGAIN);
    const next = await renew(session);
    expect(sessionOf(ctx, next, [provider])?.role).toBe('investigator');
    ctx.tick(AGAIN);
    minted.claims = { sub: '7', name: 'Ida', groups: [] };
    await expect(renew(next)).rejects.toThrow('No rule of access.oidc gives a role');
    expect(sessionOf(ctx, next, [provider])).toBeNull();
  });

  it('is over where the provider wants to ask, or somebody else is signed in there by now', async () => {
    const session = await signIn();
    ctx.tick(AGAIN);
    const refuse = (url: string) => {
      const state = new URL(url).searchParams.get('state') ?? '';
      return `?${new URLSearchParams({ error: 'login_required', state, iss: minted.issuer })}`;
    };
    await expect(renew(session, refuse)).rejects.toThrow(NotRenewedError);
    minted.claims = { sub: '8', name: 'Eve' };
    await expect(renew(session)).rejects.toThrow(NotRenewedError);
    expect(ctx.database.db.select().from(users).all()).toHaveLength(1);
    expect(ctx.database.db.select().from(sessions).all()).toHaveLength(1);
  });

  it('cannot be made to last longer than one sign-in does', async () => {
    let session = await signIn();
    const end = ctx.now() + LIFETIME;
    while (ctx.now() + AGAIN < end) {
      ctx.tick(AGAIN);
      session = await renew(session);
    }
    ctx.tick(end - ctx.now());
    expect([sessionOf(ctx, session, [provider]), lapsedOf(session)]).toEqual([null, null]);
  });

  it('is over with its provider, and lapses not at all where a password began it', async () => {
    const [session, local] = [await signIn(), await setUpAda(ctx)];
    expect([sessionOf(ctx, session, []), lapsedOf(session, [])]).toEqual([null, null]);
    ctx.tick(AGAIN);
    expect([sessionOf(ctx, local, [provider])?.name, lapsedOf(local)]).toEqual(['Ada', null]);
  });

  it('is listed with the time of the next question', async () => {
    const session = await signIn();
    const { userId = '' } = sessionOf(ctx, session, [provider]) ?? {};
    const listed = await listSessions(ctx.database, { userId, now: ctx.now(), idle: IDLE, providers: [provider] });
    expect(listed).toMatchObject([{ vouchedUntil: ctx.now() + AGAIN }]);
  });
});
