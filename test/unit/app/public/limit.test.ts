import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { GET } from '#app/s/[[...path]]/route.ts';
import { createDatabase } from '#db/migrate.ts';
import { RATE_LIMITS } from '#lib/http/rate-limit.ts';
import { temporaryFolder } from '#test/support/product.ts';

const folder = temporaryFolder();
const before = process.env.MODELTRAIL_DATABASE;
process.env.MODELTRAIL_DATABASE = join(folder.path, 'limit.db');
const database = createDatabase(process.env.MODELTRAIL_DATABASE);
afterAll(() => {
  database.close();
  if (before === undefined) delete process.env.MODELTRAIL_DATABASE;
  else process.env.MODELTRAIL_DATABASE = before;
  folder.remove();
});

const guess = async (i: number) => {
  const secret = String(i).padStart(43, 'A');
  const context = { params: Promise.resolve({ path: [secret] }) };
  return (await GET(new Request(`http://localhost/s/${secret}`), context)).status;
};

it('lets nobody guess addresses without end', { timeout: 60_000 }, async () => {
  const statuses = new Map<number, number>();
  for (let i = 0; i < RATE_LIMITS.anonymousReads + 5; i++) {
    const status = await guess(i);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  expect([...statuses]).toEqual([
    [404, RATE_LIMITS.anonymousReads],
    [429, 5],
  ]);
});
