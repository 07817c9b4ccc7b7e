import type { ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeDemoConfig } from '#test/demo/stage.ts';
import { endProcess, startJobs, temporaryFolder, until } from '#test/support/product.ts';
import { StoryLogServer } from '#test/support/story-log.ts';

const ORIGIN = 'rekor2.localhost';

let folder: ReturnType<typeof temporaryFolder>;
let story: StoryLogServer;
let config: string;
let jobs: ChildProcess;

beforeEach(async () => {
  folder = temporaryFolder();
  story = await StoryLogServer.open({ sizes: { [ORIGIN]: 1024 } });
  config = writeDemoConfig(folder.path, story, 0, { poll: '100ms', hub: false });
});
afterEach(async () => {
  await endProcess(jobs, 'SIGTERM');
  await story.close();
  folder.remove();
});

function ask<T>(sql: string): T | undefined {
  try {
    const sqlite = new Database(`${folder.path}/data/modeltrail.db`, { readonly: true });
    try {
      return sqlite.prepare(sql).pluck().get() as T | undefined;
    } finally {
      sqlite.close();
    }
  } catch {
    return undefined;
  }
}

const verified = () => ask<number>(`SELECT verified_size FROM logs WHERE origin = '${ORIGIN}'`);
const refused = () => ask<string | null>('SELECT refused FROM config_state');
const eventsOf = (rule: string) => ask<number>(`SELECT count(*) FROM event_matches WHERE rule = '${rule}'`);

describe('the configuration, while the jobs run', () => {
  it('is taken up when it changes for the better, and refused aloud when it does not', async () => {
    jobs = startJobs(config);
    await until(() => verified() === 1024, 'the log was read');
    const good = readFileSync(config, 'utf8');
    expect(eventsOf('Everybody of the pool')).toBe(0);

    const rule = "watch:\n  - { name: Everybody of the pool, own: false, identity: { glob: '**' } }\n";
    writeFileSync(config, good.replace('watch:\n', rule));
    await until(
      () => ask<string>('SELECT in_force FROM config_state')?.includes('Everybody of the pool') === true,
      'the change was in force',
    );
    story.log(ORIGIN).size = 1201;
    await until(() => verified() === 1201, 'the log had grown');
    expect(eventsOf('Everybody of the pool')).toBeGreaterThan(100);

    writeFileSync(config, good.replace('poll: 100ms', 'poll: soon'));
    await until(() => typeof refused() === 'string', 'the change was refused');
    expect(refused()).toMatch(/modeltrail\.yaml:\d+:\d+ logs\.poll: .*Mend: /);
    story.log(ORIGIN).size = 1391;
    await until(() => verified() === 1391, 'the last good configuration went on');

    writeFileSync(config, good);
    await until(() => refused() === null, 'the mended file was in force');
    expect(jobs.exitCode).toBeNull();
  });

  it('goes on as it was last in force when the file is broken at start', async () => {
    jobs = startJobs(config);
    await until(() => verified() === 1024, 'the log was read');
    await endProcess(jobs, 'SIGTERM');
    writeFileSync(config, 'watch: [');
    story.log(ORIGIN).size = 1391;
    process.env.MODELTRAIL_DATABASE = `${folder.path}/data/modeltrail.db`;
    jobs = startJobs(config);
    delete process.env.MODELTRAIL_DATABASE;
    await until(() => verified() === 1391, 'the log was read on');
    expect(refused()).toContain('modeltrail.yaml:1:');
  });

  it('goes on as it was last in force when the file names what is not there at start', async () => {
    jobs = startJobs(config);
    await until(() => verified() === 1024, 'the log was read');
    await endProcess(jobs, 'SIGTERM');
    const witnesses = `logs:\n  witness-policy: ${folder.path}/none.policy\n`;
    writeFileSync(config, readFileSync(config, 'utf8').replace('logs:\n', witnesses));
    story.log(ORIGIN).size = 1391;
    jobs = startJobs(config);
    await until(() => verified() === 1391, 'the log was read on');
    await until(() => typeof refused() === 'string', 'the change was refused');
    expect(refused()).toContain('none.policy');
  });
});
