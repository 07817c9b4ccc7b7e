import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sessions } from '#db/schema/user.ts';
import { makeSetupCode } from '#lib/services/access/make-setup-code.ts';
import { checkAuditChain } from '#lib/services/audit/check.ts';
import { PASSWORD } from '#test/support/access.ts';
import { findViolations } from '#test/support/axe.ts';
import { findChromium, launchChromium, type RunningWeb, startWeb } from '#test/support/browser.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { temporaryFolder, until } from '#test/support/product.ts';
import { openRealProvider, type RealProvider } from '#test/support/real-oidc.ts';

const executable = findChromium();
const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 844 };

describe.skipIf(!executable)('sign-in', () => {
  const folder = temporaryFolder();
  let ctx: TestContext;
  let web: RunningWeb;
  let browser: Browser;
  let context: BrowserContext | null = null;
  let provider: RealProvider | null = null;
  /** As browsers and people write it: passkeys are of a host that has a name. */
  let url: string;

  beforeAll(async () => {
    const path = join(folder.path, 'sign-in.db');
    ctx = openContext(path);
    ctx.tick(Date.now() - ctx.now());
    web = await startWeb(path, 'access: {}\n');
    url = web.url.replace('127.0.0.1', 'localhost');
    browser = await launchChromium(executable ?? '');
  });

  afterEach(leave);

  /** Closes the browser's window with all that it knows. */
  async function leave(): Promise<void> {
    await context?.close();
    context = null;
  }

  afterAll(async () => {
    await browser?.close();
    await web?.stop();
    await provider?.close();
    ctx?.database.close();
    folder.remove();
  });

  async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    context ??= await browser.newContext({ viewport: WIDE, ...options });
    const page = await context.newPage();
    await page.goto(`${url}${path}`, { waitUntil: 'load' });
    return page;
  }

  async function signIn(page: Page, login = 'ada', password = PASSWORD): Promise<void> {
    await page.getByLabel('Login').fill(login);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  }

  it('begins with the code of the console, which makes the first admin, without JavaScript', async () => {
    const code = makeSetupCode(ctx, { kind: 'jobs' });
    const page = await open('/events?claim=model', { javaScriptEnabled: false });
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    await page.getByRole('link', { name: 'sets it up' }).click();
    await page.getByLabel('Code').fill(code.toLowerCase());
    await page.getByLabel('Your name').fill('Ada');
    await page.getByLabel('Login').fill('Ada');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByLabel('Password, once more').fill(PASSWORD);
    await page.getByRole('button', { name: 'Make the first admin' }).click();
    await page.waitForURL(`${url}/`);
    expect(await page.getByRole('region', { name: 'Account' }).textContent()).toContain('Ada');
    await page.goto(`${url}/setup`);
    expect(new URL(page.url()).pathname).not.toBe('/setup');
  });

  it('leads back to the page that was asked for, and out again', async () => {
    const page = await open('/events?claim=model');
    await signIn(page);
    await page.waitForURL(`${url}/events?claim=model`);
    const [cookie] = (await context?.cookies()) ?? [];
    expect(cookie).toMatchObject({ name: 'modeltrail', httpOnly: true, sameSite: 'Lax', path: '/' });
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${url}/sign-in`);
    expect(await context?.cookies()).toEqual([]);
    await context?.addCookies([{ name: 'modeltrail', value: cookie?.value ?? '', url }]);
    await page.goto(`${url}/models`);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
  });

  it('says that it failed, without the login in the address, and pauses for somebody who guesses', async () => {
    const page = await open('/sign-in?next=%2Fmodels');
    for (let i = 0; i < 5; i++) {
      await signIn(page, 'eve', `guess number ${i}`);
      await page.getByText('Login and password do not belong together.').waitFor();
      expect(page.url()).toBe(`${url}/sign-in?problem=wrong&next=%2Fmodels`);
    }
    await signIn(page, 'eve', 'guess number 6');
    await page.getByText('Too many attempts have failed.').waitFor();
    await signIn(page);
    await page.waitForURL(`${url}/models`);
  });

  it('leads nowhere else after it, and runs nothing of an address', async () => {
    const page = await open(`/sign-in?next=${encodeURIComponent('//elsewhere.example')}&problem=<b>`);
    await signIn(page);
    await page.waitForURL(`${url}/`);
  });

  it('gives pages that no cache keeps and no frame shows', async () => {
    const answer = await fetch(`${web.url}/sign-in`);
    expect(answer.headers.get('Cache-Control')).toContain('no-store');
    expect(answer.headers.get('Content-Security-Policy')).toMatch(/form-action 'self'; frame-ancestors 'none'$/);
    expect(answer.headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin');
    expect(answer.headers.get('Strict-Transport-Security')).toBeNull();
  });

  it('believes nothing that a request says of its host', async () => {
    const forged = { Origin: 'https://evil.example', 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https' };
    const body = new URLSearchParams({ login: 'ada', password: PASSWORD });
    const answer = await fetch(`${web.url}/sign-in/password`, {
      method: 'POST',
      headers: forged,
      body,
      redirect: 'manual',
    });
    expect([answer.status, answer.headers.get('Set-Cookie')]).toEqual([403, null]);
  });

  it('takes a passkey, once one was added, and none of another account’s', async () => {
    const page = await open('/sign-in');
    const session = await page.context().newCDPSession(page);
    await session.send('WebAuthn.enable');
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await signIn(page);
    await page.waitForURL(`${url}/`);
    await page.goto(`${url}/settings/account`);
    await page.getByRole('region', { name: 'Passkeys' }).getByLabel('Name').fill('work laptop');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByRole('row', { name: /work laptop/ }).waitFor();

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${url}/sign-in`);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.waitForURL(`${url}/`);
    expect(await page.getByRole('region', { name: 'Account' }).textContent()).toContain('Ada');

    // One that cannot tell its owner is not taken; nor one that shows an older counter, as a copy would.
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${url}/sign-in`);
    const { credentials } = await session.send('WebAuthn.getCredentials', { authenticatorId });
    const [credential] = credentials;
    if (!credential) throw new Error('there is no credential');
    await session.send('WebAuthn.removeCredential', { authenticatorId, credentialId: credential.credentialId });
    await session.send('WebAuthn.addCredential', { authenticatorId, credential: { ...credential, signCount: 0 } });
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByText('The passkey is not known here, or does not verify.').waitFor();
    await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByText('The browser was given no passkey.').waitFor();
    expect(new URL(page.url()).pathname).toBe('/sign-in');
  });

  it('invites somebody by a link that counts once, and gives them the role that was chosen', async () => {
    const page = await open('/sign-in?next=%2Fsettings%2Fpeople');
    await signIn(page);
    await page.waitForURL(`${url}/settings/people`);
    await page.getByLabel('Name').fill('Grace');
    await page.getByLabel('Login').fill('grace@models.example');
    await page.getByRole('radio', { name: /investigator/ }).check();
    await page.getByRole('button', { name: 'Invite' }).click();
    const link = (await page.getByText(/\/invitation\?code=/).textContent()) ?? '';
    await leave();
    const hers = await open(new URL(link).pathname + new URL(link).search);
    await hers.getByLabel('Password', { exact: true }).fill('copper lantern nine rivers');
    await hers.getByLabel('Password, once more').fill('copper lantern nine rivers');
    await hers.getByRole('button', { name: 'Set password and sign in' }).click();
    await hers.waitForURL(`${url}/settings/account`);
    expect((await hers.goto(`${url}/settings/people`))?.status()).toBe(403);
    expect(await hers.getByText('This page is not for your role').isVisible()).toBe(true);
    expect((await hers.goto(`${url}/sources`))?.status()).toBe(200);
  });

  it('shows everybody their sessions, and ends others at once', async () => {
    const page = await open('/sign-in?next=%2Fsettings%2Faccount');
    await signIn(page);
    await page.waitForURL(`${url}/settings/account`);
    const elsewhere = await browser.newContext();
    const other = await elsewhere.newPage();
    await other.goto(`${url}/sign-in`);
    await signIn(other);
    await other.waitForURL(`${url}/`);
    await page.reload();
    await page.getByRole('button', { name: 'End all others' }).click();
    await page.waitForURL(`${url}/settings/account#sessions`);
    await other.goto(`${url}/models`);
    expect(new URL(other.url()).pathname).toBe('/sign-in');
    await elsewhere.close();
  });

  it('shows the audit, checks its chains, and gives it out as a file', async () => {
    const page = await open('/sign-in?next=%2Fsettings%2Faudit');
    await signIn(page);
    await page.waitForURL(`${url}/settings/audit`);
    expect(await page.getByText('Whole').first().isVisible()).toBe(true);
    await page.getByLabel('Action begins with').fill('user.invited');
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.waitForURL(/action=user\.invited/);
    await page.getByRole('row', { name: /user\.invited/ }).waitFor();
    expect(await page.getByRole('row', { name: /user\.signed-in/ }).count()).toBe(0);
    const lines = await (await page.request.get(`${url}/settings/audit/export?format=jsonl`)).text();
    const entries = lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { action: string });
    expect(entries.map(({ action }) => action)).toContain('passkey.added');
    expect(await checkAuditChain(ctx.database, 'access')).toBeNull();
  });

  it('works with a real identity provider, for whom its claims give a role, as long as they do, and for nobody else', async () => {
    const redirectUri = `${url}/sign-in/oidc/accounts/callback`;
    provider = await openRealProvider({ clientId: 'modeltrail', clientSecret: 'of-the-test', redirectUri });
    writeFileSync(join(folder.path, 'secret'), 'of-the-test\n');
    const before = readFileSync(web.configPath, 'utf8').replace('access: {}\n', '');
    writeFileSync(
      web.configPath,
      `${before}access:
  oidc:
    - name: accounts
      label: Example accounts
      issuer: ${provider.issuer}
      allow-http: true
      client-id: modeltrail
      client-secret: { file: ./secret }
      scopes: [profile, email, groups]
      roles:
        - { role: investigator, group: response }
`,
    );
    provider.account = {
      sub: 'ida-7',
      name: 'Ida',
      email: 'ada@models.example',
      email_verified: true,
      groups: ['response'],
    };
    const page = await open('/models');
    await until(async () => {
      await page.reload();
      return page.getByRole('link', { name: 'Sign in with Example accounts' }).isVisible();
    }, 'the configuration is taken up');
    await page.getByRole('link', { name: 'Sign in with Example accounts' }).click();
    await page.waitForURL(`${url}/models`);
    const account = page.getByRole('region', { name: 'Account' });
    expect(await account.textContent()).toMatch(/Ida.*investigator/);
    await page.goto(`${url}/settings/account`);
    expect(await page.getByText('Name and role come from the identity provider').isVisible()).toBe(true);

    // The provider is asked again: the browser goes there from the page that says so, before that is wholly there.
    const ask = async (path: string) => {
      ctx.database.db
        .update(sessions)
        .set({ createdAt: Date.now() - 8 * 3_600_000 })
        .run();
      await page.goto(`${url}${path}`, { waitUntil: 'commit' });
    };
    await ask('/events?claim=model');
    await page.getByRole('heading', { name: 'Events', level: 1 }).waitFor();
    expect(page.url()).toBe(`${url}/events?claim=model`);
    expect(await account.textContent()).toMatch(/Ida.*investigator/);
    await context?.clearCookies({ domain: '127.0.0.1' });
    await ask('/models');
    await page.getByText('does not say by itself that you are still signed in').waitFor();
    await page.getByRole('link', { name: 'Sign in with Example accounts' }).click();
    await page.waitForURL(`${url}/models`);
    provider.account = { ...provider.account, groups: [] };
    await ask('/models');
    await page.getByText('You are known to the identity provider, but have no role here.').waitFor();

    await leave();
    provider.account = { sub: 'eve-8', name: 'Eve', groups: ['visitors'] };
    const hers = await open('/sign-in');
    await hers.getByRole('link', { name: 'Sign in with Example accounts' }).click();
    await hers.getByText('You are known to the identity provider, but have no role here.').waitFor();
    await hers.goto(`${url}/models`);
    expect(new URL(hers.url()).pathname).toBe('/sign-in');

    const stray = await open('/sign-in/oidc/accounts/callback?code=x&state=y');
    expect(await stray.getByText('The sign-in did not come back to where it was begun.').isVisible()).toBe(true);
  });

  it('keeps who may sign in as it was, when a mistake is written into the configuration', async () => {
    appendFileSync(web.configPath, 'no-such-key: true\n');
    const page = await open('/sign-in?next=%2Fmodels');
    await signIn(page);
    await page.waitForURL(`${url}/models`);
  });

  it('has pages that are readable on a phone, in the dark, and to everybody', async () => {
    const signed = await open('/sign-in');
    await signIn(signed);
    await signed.waitForURL(`${url}/`);
    const state = await context?.storageState();
    await leave();
    for (const [paths, storageState] of [
      [['/sign-in?problem=wrong', '/invitation'], undefined],
      [['/settings/account', '/settings/people', '/settings/audit'], state],
    ] as const) {
      for (const path of paths) {
        for (const options of [{ viewport: WIDE }, { viewport: NARROW, colorScheme: 'dark' as const }]) {
          const page = await open(path, { ...options, ...(storageState && { storageState }) });
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          expect(overflow, path).toBeLessThanOrEqual(0);
          const violations = await findViolations(page);
          expect(
            violations.map(({ id }) => id),
            path,
          ).toEqual([]);
          await leave();
        }
      }
    }
  });
});
