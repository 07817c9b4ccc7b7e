import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import { createDatabase } from '#db/migrate.ts';
import { mintCheckpoint, mintCoverage, mintLog, mintRuleSearch } from '#test/factories.ts';
import { mintConfiguration } from '#test/state-factories.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { runCli } from './run-cli.ts';

const folder = temporaryFolder();
const path = join(folder.path, 'logs.db');
let database: OpenDatabase;

beforeAll(() => {
  database = createDatabase(path);
  mintConfiguration(database);
  const log = mintLog(database, {
    origin: 'server.example - 77',
    instance: 'server.example',
    treeId: '77',
    api: 'rekor-v1',
    finalSize: 1000,
    startIndex: 400,
    mirror: 'full',
    mirrorSize: 256,
    mirrorBytes: 800_000,
    mirrorProblem: 'The limit is reached.',
  });
  mintCoverage(database, log, 400, 1000);
  mintRuleSearch(database, log, 'Release bot', 900);
  mintCheckpoint(database, log, { quorum: true, cosignatures: 1, cosigners: '[{"name":"w1","timestamp":null}]' });
});
afterAll(() => {
  database.close();
  folder.remove();
});

const log = (...args: string[]) => runCli(['log', ...args, '--database', path]);
const search = (...args: string[]) => log('search-back', 'server.example - 77', ...args);

describe('log search-back', { timeout: 60_000 }, () => {
  it('asks for the past, for late rules, and stops either', async () => {
    expect(await search()).toMatchObject({ code: 0, stdout: expect.stringContaining('400 entries are searched') });
    expect(await search()).toMatchObject({ code: 1, stdout: expect.stringContaining('being read') });
    expect(await search('--rule', 'Release bot')).toMatchObject({ code: 0, stdout: expect.stringContaining('500') });
    const listed = (await log('list')).stdout;
    expect(listed).toMatch(/Kind +Rekor v1 tree, tree 77, of server\.example, ended with 1,000 entries/);
    expect(listed).toMatch(/Coverage +400 to 999/);
    expect(listed).toMatch(/Search back +400 to 899 for Release bot: 0 of 500 read/);
    expect(listed).toMatch(/Mirror +256 entries, 800\.0 kB; it stands still: The limit is reached\./);
    expect(listed).toMatch(/Witnesses +Quorum met, w1/);
    expect(await search('--rule', 'Release bot', '--stop')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 search stopped'),
    });
    const [known] = JSON.parse((await log('list', '--json')).stdout) as { openBackfills: { kind: string }[] }[];
    expect(known).toMatchObject({ openBackfills: [{ kind: 'history' }], unsearchedRules: ['Release bot'] });
    expect((await search('--stop')).code).toBe(0);
    expect(await search('--stop')).toMatchObject({ code: 1, stdout: expect.stringContaining('under way') });
  });

  it('exits 2 for a log that is not known, and 1 for a rule that is not', async () => {
    expect(await log('search-back', 'nowhere.example')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There is no log nowhere.example'),
    });
    expect(await search('--rule', 'nobody')).toMatchObject({ code: 1, stdout: expect.stringContaining('"nobody"') });
  });
});
