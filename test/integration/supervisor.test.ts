import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Supervisor } from '#jobs/supervisor.ts';
import { temporaryFolder, until } from '#test/support/product.ts';

const SUPERVISOR = new URL('../../jobs/supervisor.ts', import.meta.url).href;

let folder: ReturnType<typeof temporaryFolder>;
let supervisor: Supervisor | undefined;
let lines: Record<string, unknown>[];

beforeEach(() => {
  folder = temporaryFolder();
  lines = [];
});
afterEach(async () => {
  await supervisor?.stop();
  supervisor = undefined;
  folder.remove();
});

/** A child that notes its pid, then does `body`. */
function child(name: string, body: string) {
  const file = join(folder.path, `${name}.mjs`);
  const pids = join(folder.path, `${name}.pids`);
  writeFileSync(
    file,
    `import { appendFileSync } from 'node:fs'; appendFileSync(${JSON.stringify(pids)}, process.pid + '\\n'); ${body}`,
  );
  const started = () => (existsSync(pids) ? readFileSync(pids, 'utf8').trim().split('\n').map(Number) : []);
  return { spec: { name, args: [file], env: {} }, started };
}

const log = () => pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
const isAlive = (pid: number | undefined) => {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
};
const STAY = 'setInterval(() => {}, 1000);';

describe('Supervisor', () => {
  it('starts a process that died again, with growing delays, and leaves the other alone', async () => {
    const dying = child('dying', 'process.exit(3);');
    const steady = child('steady', STAY);
    supervisor = new Supervisor([dying.spec, steady.spec], { log: log(), firstDelay: 10 });
    await until(
      () => dying.started().length >= 4 && steady.started().length === 1,
      'the dying one was started four times',
    );
    const delays = lines.filter(({ process: name }) => name === 'dying').flatMap(({ restartIn }) => restartIn ?? []);
    expect(delays.slice(0, 3)).toEqual([10, 20, 40]);
    expect(lines.find(({ outcome }) => outcome)).toMatchObject({ level: 50, outcome: 'exit code 3' });
    expect(steady.started()).toHaveLength(1);
  });

  it('starts a process again that was killed', async () => {
    const killed = child('killed', STAY);
    supervisor = new Supervisor([killed.spec], { log: log(), firstDelay: 10 });
    await until(() => killed.started().length === 1, 'it was started');
    process.kill(killed.started()[0] ?? 0, 'SIGKILL');
    await until(() => killed.started().length === 2, 'it was started again');
  });

  it('ends all of them in order', async () => {
    const file = JSON.stringify(join(folder.path, 'ended'));
    const polite = child(
      'polite',
      `${STAY} process.on('SIGTERM', () => { appendFileSync(${file}, 'in order'); process.exit(0); });`,
    );
    supervisor = new Supervisor([polite.spec], { log: log() });
    await until(() => polite.started().length === 1, 'it was started');
    await supervisor.stop();
    expect(readFileSync(join(folder.path, 'ended'), 'utf8')).toBe('in order');
    expect(isAlive(polite.started()[0])).toBe(false);
  });

  it('kills what does not end in its time', async () => {
    const stubborn = child('stubborn', `process.on('SIGTERM', () => {}); ${STAY}`);
    supervisor = new Supervisor([stubborn.spec], { log: log(), grace: 200 });
    await until(() => stubborn.started().length === 1, 'it was started');
    await supervisor.stop();
    expect(isAlive(stubborn.started()[0])).toBe(false);
  });

  it('leaves nothing behind when it is killed itself', async () => {
    const orphan = child('orphan', STAY);
    const main = join(folder.path, 'main.mjs');
    writeFileSync(
      main,
      `import { Supervisor } from ${JSON.stringify(SUPERVISOR)}; new Supervisor([${JSON.stringify(orphan.spec)}], { log: { info() {}, error() {} } }); ${STAY}`,
    );
    const parent = fork(main);
    await until(() => orphan.started().length === 1, 'the child was started');
    const exit = once(parent, 'exit');
    parent.kill('SIGKILL');
    await exit;
    await until(() => !isAlive(orphan.started()[0]), 'the child ended too', 10_000);
  });
});
