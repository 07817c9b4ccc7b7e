import type { ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from '#db/client.ts';
import { configState } from '#db/schema/job.ts';
import { createLogger } from '#lib/logger.ts';
import { policiesInForce } from '#lib/services/config/policies-in-force.ts';
import { getSearchGaps } from '#lib/services/rule/search-gaps.ts';
import { settingsFound } from '#lib/services/setting/found.ts';
import { getSetting } from '#lib/services/setting/get.ts';
import { putSetting } from '#lib/services/setting/put.ts';
import { switchSetting } from '#lib/services/setting/switch.ts';
import { listSources } from '#lib/services/source/list-sources.ts';
import { writeDemoConfig } from '#test/demo/stage.ts';
import { endProcess, startJobs, temporaryFolder, until } from '#test/support/product.ts';
import { StoryLogServer } from '#test/support/story-log.ts';

const ORIGIN = 'rekor2.localhost';
const ACTOR = { kind: 'command-line' } as const;

let folder: ReturnType<typeof temporaryFolder>;
let story: StoryLogServer;
let config: string;
let jobs: ChildProcess;
let database: OpenDatabase;
let opened: OpenDatabase | null = null;

beforeEach(async () => {
  folder = temporaryFolder();
  story = await StoryLogServer.open({ sizes: { [ORIGIN]: 1024 } });
  config = writeDemoConfig(folder.path, story, 0, { poll: '100ms', hub: false });
  jobs = startJobs(config);
  await until(isReady, 'the log was read');
});
afterEach(async () => {
  await endProcess(jobs, 'SIGTERM');
  opened?.close();
  opened = null;
  await story.close();
  folder.remove();
});

function isReady(): boolean {
  try {
    opened ??= openDatabase(`${folder.path}/data/modeltrail.db`);
    database = opened;
    const sql = `SELECT verified_size = 1024 FROM logs WHERE origin = '${ORIGIN}'`;
    return database.sqlite.prepare(sql).pluck().get() === 1 && state()?.composition != null;
  } catch {
    return false;
  }
}

const context = () => ({ database, now: Date.now, log: createLogger('test') });
const state = () => database.db.select().from(configState).get();
const eventsOf = async (rule: string) => (await settingsFound(database, 'watch')).get(rule)?.count ?? 0;
const stateOf = async (section: 'watch' | 'models' | 'sources', name: string) =>
  (await getSetting(database, { section, name })).item?.state;

function put(section: 'watch' | 'models' | 'sources', name: string, value: object, revision: number | null = null) {
  return putSetting(context(), { section, name, value: { ...value }, enabled: true, revision, actor: ACTOR });
}

describe('what is set beside the file, while the jobs run', () => {
  it('is taken up within seconds: rules, expectations and sources, and is let go of again', async () => {
    put('watch', 'Everybody', { own: false, identity: { glob: '**' } });
    put('models', 'Anything', { models: { glob: '**' }, signers: [{ identity: 'nobody@models.example' }] });
    put('sources', 'attestations', { github: 'models-example/base', every: '24h' });
    await until(async () => (await stateOf('sources', 'attestations')) === 'in-force', 'all was in force');
    // Readers of the configuration in force see the same.
    expect(policiesInForce(database).policyFor('x/y')?.name).toBe('Anything');
    expect((await listSources(database)).at(-1)).toMatchObject({ name: 'attestations', kind: 'github' });
    // Entries that are stored already are held against the new rule; what was not stored can be searched for.
    await until(async () => (await eventsOf('Everybody')) > 0, 'stored entries were met');
    expect((await getSearchGaps(database)).map(({ rule }) => rule)).toContain('Everybody');
    const met = await eventsOf('Everybody');
    story.log(ORIGIN).size = 1201;
    await until(async () => (await eventsOf('Everybody')) > met, 'new entries were met');

    switchSetting(context(), { section: 'watch', name: 'Everybody', enabled: false, revision: 1, actor: ACTOR });
    await until(() => state()?.inForce.includes('Everybody') === false, 'the rule was let go of');
    const isGone = async () => (await getSearchGaps(database)).every(({ rule }) => rule !== 'Everybody');
    await until(isGone, 'nothing was searched for it any more');
    expect(await eventsOf('Everybody')).toBeGreaterThan(met);
    expect(jobs.exitCode).toBeNull();
  });

  it('that cannot be used stops nothing, and what can be is in force', async () => {
    const insert = database.sqlite.prepare("INSERT INTO settings VALUES ('watch', ?, ?, 1, 1, 1, 1)");
    insert.run('broken', '{"name":"broken","identity":{"regexp":"x"}}');
    insert.run('hostile', '"');
    put('watch', 'Everybody', { own: false, identity: { glob: '**' } });
    await until(async () => (await stateOf('watch', 'Everybody')) === 'in-force', 'the good one was in force');
    expect(await stateOf('watch', 'broken')).toBe('set-aside');
    expect(state()).toMatchObject({ refused: null, composition: expect.stringContaining('"hostile"') });
  });

  it('is added to the last good file while the file is broken, and that it is goes on to be said', async () => {
    const good = readFileSync(config, 'utf8');
    writeFileSync(config, 'watch: [');
    await until(() => state()?.refused != null, 'the change was refused');
    put('watch', 'Everybody', { own: false, identity: { glob: '**' } });
    await until(async () => (await stateOf('watch', 'Everybody')) === 'in-force', 'the rule was in force');
    await until(() => state()?.refused != null, 'the file was still refused');
    // The file brings the name: it wins, and the other one is set aside.
    writeFileSync(
      config,
      good.replace('watch:\n', 'watch:\n  - { name: Everybody, own: false, identity: x@y.example }\n'),
    );
    await until(async () => (await stateOf('watch', 'Everybody')) === 'set-aside', 'the file came first');
    expect(state()?.refused).toBeNull();
    expect(state()?.inForce).toContain('x@y.example');
  });

  it('is still in force after a start with a broken file', async () => {
    put('watch', 'Everybody', { own: false, identity: { glob: '**' } });
    await until(async () => (await stateOf('watch', 'Everybody')) === 'in-force', 'the rule was in force');
    await endProcess(jobs, 'SIGTERM');
    writeFileSync(config, 'watch: [');
    put('watch', 'Second', { own: false, identity: { glob: '**' } });
    process.env.MODELTRAIL_DATABASE = `${folder.path}/data/modeltrail.db`;
    jobs = startJobs(config);
    delete process.env.MODELTRAIL_DATABASE;
    await until(async () => (await stateOf('watch', 'Second')) === 'in-force', 'both were in force');
    expect(await stateOf('watch', 'Everybody')).toBe('in-force');
    await until(() => state()?.refused != null, 'the file was refused');
  });
});
