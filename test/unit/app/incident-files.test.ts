import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { whoAsks } from '#app/_server/asker.ts';
import { GET as getArchive } from '#app/(dashboard)/incidents/[id]/archive/route.ts';
import { GET as getReport } from '#app/(dashboard)/incidents/[id]/report/route.ts';
import { createDatabase } from '#db/migrate.ts';
import { incidents } from '#db/schema/incident.ts';
import { verifyArchive } from '#lib/incident-archive/verify-archive.ts';
import type { Role } from '#lib/services/access/role.ts';
import { MINT_TIME } from '#test/factories.ts';
import { temporaryFolder } from '#test/support/product.ts';

vi.mock('#app/_server/asker.ts');

const folder = temporaryFolder();
const id = `inc_${'4'.repeat(32)}`;
const request = new Request('http://127.0.0.1:3000/incidents/x/archive');
const named = (name: string) => ({ params: Promise.resolve({ id: name }) });
const asked = (role: Role | null) =>
  vi.mocked(whoAsks).mockResolvedValue(role === null ? null : { actor: { kind: 'loopback' }, role, session: null });

beforeAll(() => {
  const path = join(folder.path, 'modeltrail.db');
  const database = createDatabase(path);
  const row = {
    id,
    number: 4,
    title: '<b>all</b> of it',
    state: 'open',
    severity: 'low',
    scope: '{"any":[]}',
  } as const;
  const times = { openedAt: MINT_TIME, updatedAt: MINT_TIME, evaluatedAt: MINT_TIME, evaluatedOver: 0 };
  database.db
    .insert(incidents)
    .values({ ...row, ...times })
    .run();
  database.close();
  vi.stubEnv('MODELTRAIL_DATABASE', path);
});
beforeEach(() => asked('admin'));
afterAll(() => {
  vi.unstubAllEnvs();
  folder.remove();
});

describe('the archive of an incident', () => {
  it('is a download that verifies', async () => {
    asked('investigator');
    const response = await getArchive(request, named(id));
    expect(response.headers.get('Content-Type')).toBe('application/zip');
    expect(response.headers.get('Content-Disposition')).toBe('attachment; filename="incident-4.zip"');
    const report = verifyArchive(await response.bytes(), { trust: null, now: MINT_TIME });
    expect(report).toMatchObject({ outcome: 'verified', incident: { id } });
  });

  it('is given to nobody who may not investigate', async () => {
    asked('viewer');
    const response = await getArchive(request, named(id));
    expect(response.status).toBe(403);
    expect(await response.text()).toBe('This needs the role investigator. You have the role viewer.\n');
    asked(null);
    expect((await getArchive(request, named(id))).status).toBe(401);
    expect((await getReport(request, named(id))).status).toBe(401);
  });

  it('of no incident is not found', async () => {
    expect((await getArchive(request, named('inc_none'))).status).toBe(404);
    expect((await getReport(request, named('../../etc'))).status).toBe(404);
  });
});

describe('the report of an incident', () => {
  it('is a page that runs nothing, whatever the title', async () => {
    const response = await getReport(request, named(id));
    const html = await response.text();
    expect(html).toContain('Incident #4: &#60;b&#62;all&#60;/b&#62; of it');
    expect(response.headers.get('Content-Security-Policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; .*sandbox/,
    );
    expect(response.headers.get('Cache-Control')).toBe('no-store');
  });
});
