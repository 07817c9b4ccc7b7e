import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '#db/migrate.ts';
import { tokens as tokenTable } from '#db/schema/access.ts';
import type { Role } from '#lib/services/access/role.ts';
import { SCOPES, type Scope } from '#lib/services/access/scope.ts';
import { type AccessRow, ASKERS, accessRows, mayAsk } from '#test/support/access-table/table.ts';
import { type RunningWeb, startWeb } from '#test/support/browser.ts';
import { mintSession } from '#test/support/mint-session.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { openScene, type Scene } from '#test/unit/http/scene.ts';

/** What is asked of a real server, role by role, is what the table says: no more, and no less. */
describe('the table of who may ask for what', () => {
  const folder = temporaryFolder();
  let scene: Scene;
  let web: RunningWeb;
  const cookies = new Map<string, string>();
  const tokens = new Map<Scope, string>();

  beforeAll(async () => {
    const path = join(folder.path, 'access.db');
    createDatabase(path).close();
    scene = openScene(path);
    for (const role of ['viewer', 'investigator', 'admin'] as const satisfies readonly Role[]) {
      cookies.set(role, `modeltrail=${mintSession(scene.ctx.database, { role, now: Date.now() })}`);
    }
    for (const scope of SCOPES) tokens.set(scope, scene.token(scope));
    web = await startWeb(path, 'access: {}\n');
  });

  afterAll(async () => {
    await web?.stop();
    scene?.ctx.database.close();
    folder.remove();
  });

  interface Asked {
    readonly cookie?: string | undefined;
    readonly token?: string | undefined;
    readonly origin?: string;
  }

  async function ask({ method, address }: AccessRow, { cookie, token, origin = web.url }: Asked): Promise<Response> {
    const headers = {
      ...(cookie !== undefined && { Cookie: cookie }),
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(method !== 'GET' && method !== 'HEAD' && { Origin: origin }),
    };
    return fetch(`${web.url}${sample(address)}`, { method, headers, redirect: 'manual' });
  }

  /** Let in is whoever gets another answer than those that refuse somebody, whatever becomes of what they asked for. */
  function isLetIn({ kind, people }: AccessRow, answer: Response): boolean {
    const isSignIn = /^\/sign-in(?:$|\?next=)/.test(answer.headers.get('Location') ?? '');
    const isSentAway = isSignIn && kind === 'page' && people !== 'anyone';
    return answer.status !== 401 && answer.status !== 403 && !isSentAway;
  }

  const rows = accessRows().filter(({ kind }) => kind !== 'action');

  it.each(ASKERS)('holds for %s', async (asker) => {
    const wrong: string[] = [];
    for (const row of rows) {
      const answer = await ask(row, { cookie: row.address === '/sign-out' ? undefined : cookies.get(asker) });
      await answer.body?.cancel();
      const isIn = isLetIn(row, answer);
      if (isIn !== mayAsk(row.people, asker)) wrong.push(`${row.method} ${row.address}: ${answer.status}`);
    }
    expect(wrong).toEqual([]);
  });

  it.each(SCOPES)('holds for tokens of the scope %s', async (scope) => {
    const wrong: string[] = [];
    for (const row of rows.filter(({ people }) => people !== 'anyone')) {
      const answer = await ask(row, { token: tokens.get(scope) });
      await answer.body?.cancel();
      if (isLetIn(row, answer) !== row.scopes.includes(scope))
        wrong.push(`${row.method} ${row.address}: ${answer.status}`);
    }
    expect(wrong).toEqual([]);
  });

  it('keeps out what another site has a browser send, whoever is signed in there', async () => {
    const wrong: string[] = [];
    for (const row of rows.filter(({ method }) => method !== 'GET' && method !== 'HEAD')) {
      const answer = await ask(row, { cookie: cookies.get('admin'), origin: 'https://elsewhere.example' });
      await answer.body?.cancel();
      if (answer.status !== 403 && answer.status !== 401) wrong.push(`${row.method} ${row.address}: ${answer.status}`);
    }
    expect(wrong).toEqual([]);
  });

  it('holds for server actions: the form of an admin makes nothing for others', async () => {
    const page = await (
      await fetch(`${web.url}/settings/tokens`, { headers: { Cookie: cookies.get('admin') ?? '' } })
    ).text();
    const hidden = [...page.matchAll(/<input type="hidden" name="(\$ACTION[^"]*)"(?: value="([^"]*)")?/g)];
    expect(hidden.length).toBeGreaterThan(0);
    const count = () => scene.ctx.database.db.select().from(tokenTable).all().length;
    const send = async (cookie: string | undefined, origin: string, name: string) => {
      const form = new FormData();
      for (const [, field = '', value = ''] of hidden)
        form.set(field, value.replaceAll('&quot;', '"').replaceAll('&amp;', '&'));
      for (const [field, value] of [
        ['name', name],
        ['scope', 'admin'],
        ['expires', '7'],
      ] as const)
        form.set(field, value);
      const headers = { Origin: origin, ...(cookie !== undefined && { Cookie: cookie }) };
      await (await fetch(`${web.url}/settings/tokens`, { method: 'POST', headers, body: form })).text();
    };
    const before = count();
    await send(undefined, web.url, 'of nobody');
    await send(cookies.get('viewer'), web.url, 'of a viewer');
    await send(cookies.get('investigator'), web.url, 'of an investigator');
    await send(cookies.get('admin'), 'https://elsewhere.example', 'of another site');
    expect(count()).toBe(before);
    await send(cookies.get('admin'), web.url, 'of an admin');
    expect(count()).toBe(before + 1);
  });

  it('lets nobody in where the configuration cannot be read, and says so on the sign-in page', async () => {
    const path = join(folder.path, 'unreadable.db');
    createDatabase(path).close();
    const blind = await startWeb(path, 'access: { no-such-key: true }\n');
    try {
      expect((await fetch(`${blind.url}/`, { redirect: 'manual' })).headers.get('Location')).toBe('/sign-in');
      expect(await (await fetch(`${blind.url}/sign-in`)).text()).toContain('The configuration file cannot be read');
      expect((await fetch(`${blind.url}/api/v1/models`)).status).toBe(401);
      expect(readFileSync(blind.configPath, 'utf8')).toContain('no-such-key');
    } finally {
      await blind.stop();
    }
  });
});

/** An address of the table with something in its places. */
function sample(address: string): string {
  return address.replaceAll(/\[\.\.\.[a-z]+\]/g, 'x/checkpoint').replaceAll(/\[[a-z]+\]|\{[a-z]+\}/gi, '7');
}
