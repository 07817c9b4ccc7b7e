import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { versions } from '#db/schema/model.ts';
import { sourceStates } from '#db/schema/source.ts';
import { Scheduler } from '#jobs/scheduler.ts';
import { sourceJob, sourceJobName } from '#jobs/source-jobs.ts';
import type { SourceConfig } from '#lib/config/sources-schema.ts';
import { RemoteClient } from '#lib/remote/client.ts';
import { compileRules } from '#lib/watch/rule.ts';
import { AnsweringServer } from '#test/support/answering-server.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { temporaryFolder, until } from '#test/support/product.ts';
import { standardsOf } from '#test/support/standards.ts';

const FIXTURES = fileURLToPath(new URL('../../../fixtures/rekor-index/', import.meta.url));
const standards = standardsOf(readFileSync(join(FIXTURES, 'trusted_root.json')));
const every = 3_600_000;

let ctx: TestContext;
let server: AnsweringServer;
let client: RemoteClient;
let folder: ReturnType<typeof temporaryFolder>;
let scheduler: Scheduler;

beforeEach(async () => {
  ctx = openContext();
  server = await AnsweringServer.start();
  client = new RemoteClient({ userAgent: 'Modeltrail/test', attempts: 1 });
  folder = temporaryFolder();
  scheduler = new Scheduler(ctx);
});
afterEach(async () => {
  await scheduler.stop();
  await client.close();
  await server.stop();
  folder.remove();
  ctx.database.close();
});

describe('the jobs of sources', () => {
  it('each keep their own state: one that fails stops no other, and is told of', async () => {
    cpSync(join(FIXTURES, 'northwind-late'), join(folder.path, 'late'), { recursive: true });
    writeFileSync(join(folder.path, 'loose.sig'), 'not JSON');
    server.answer = () => ({ status: 503 });
    const sources: SourceConfig[] = [
      { name: 'index', rekorIndex: server.url, every },
      { name: 'github', github: 'o/r', api: server.url, tokenFile: '/nowhere/token', every },
      { name: 'registry', oci: { registry: server.url, repository: 'm' }, every },
      { name: 'layout', oci: { layout: folder.path }, every },
      { name: 'gone', directory: join(folder.path, 'gone') },
      { name: 'loose', directory: folder.path },
      { name: 'hub', folder: folder.path, each: true, every },
    ];
    const tools = { ctx, standards, matcher: compileRules([]), client, publicClient: client };
    await scheduler.replace(sources.map((source) => sourceJob(tools, source)));
    const states = () => ctx.database.db.select().from(sourceStates).all();
    await until(() => states().length === sources.length, 'every source was looked at', 20_000);
    const errors = Object.fromEntries(states().map(({ name, error }) => [name, error]));
    expect(errors).toEqual({
      index: null,
      github: expect.stringContaining('cannot be read'),
      registry: expect.stringContaining('answered 503'),
      layout: expect.stringContaining('not whole'),
      gone: expect.stringContaining('no such file'),
      loose: null,
      hub: null,
    });
    expect(ctx.database.db.select().from(versions).all()).toHaveLength(1);
    const failed = ctx.lines.filter(({ wait }) => typeof wait === 'number').map(({ job }) => job);
    expect(failed.sort()).toEqual(['poll github', 'poll layout', 'poll registry', 'scan gone']);
  });

  it('are named after what they do, so that a changed directory wakes its own', () => {
    expect(sourceJobName({ name: 'x', directory: '/x' })).toBe('scan x');
    expect(sourceJobName({ name: 'x', folder: '/x', each: false, every })).toBe('poll x');
  });
});
