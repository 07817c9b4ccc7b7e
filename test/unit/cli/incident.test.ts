import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openIncidentScene } from '#test/support/incident-scene.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { runCli } from './run-cli.ts';

const folder = temporaryFolder();
const path = join(folder.path, 'incidents.db');
const scope = join(folder.path, 'scope.json');

beforeAll(() => {
  openIncidentScene(path).database.close();
  writeFileSync(scope, JSON.stringify({ is: { kind: 'dataset', alias: 'reviews' } }));
});
afterAll(() => folder.remove());

const run = (...args: string[]) => runCli(['incident', ...args, '--database', path]);

describe('modeltrail incident', { timeout: 120_000 }, () => {
  it('previews, opens, decides, words and closes an incident', async () => {
    const preview = await run('open', '--dataset', 'reviews', '--preview');
    expect(preview).toMatchObject({ code: 0 });
    expect(preview.stdout).toMatch(/^The scope reaches \d artifacts: 1 proven, 1 descendant, 1 declared/);
    expect(preview.stdout).toContain('runs at staging/support-1');
    const opened = await run('open', '--scope', scope, '--title', 'Poisoned reviews', '--severity', 'critical');
    expect(opened.stdout).toMatch(/^#1 Poisoned reviews/);
    expect((await run('list', '--state', 'open')).stdout).toContain('#1  open, critical  Poisoned reviews');
    const shown = await run('show', '1', '--json');
    const { artifacts } = JSON.parse(shown.stdout) as { artifacts: { artifactId: number; tier: string }[] };
    const proven = artifacts.find(({ tier }) => tier === 'proven')?.artifactId;
    const decided = await run('decide', '#1', '--artifact', String(proven), '--affected', '--reason', 'Trained on it.');
    expect(decided).toMatchObject({ code: 0, stdout: expect.stringContaining('1 artifact decided to be affected') });
    const rest = await run('decide', '1', '--all-undecided', '--tier', 'declared', '--cleared', '--reason', 'A copy.');
    expect(rest.stdout).toContain('1 artifact decided to be cleared');
    expect(await run('notice', '1', '--say', 'Do not use it.')).toMatchObject({ code: 0 });
    const closed = await run('close', '1', '--resolution', 'Trained anew.');
    expect(closed.stdout).toMatch(/^#1 is closed\. \d undecided and refused no more; 1 stay refused\.$/m);
    expect((await run('show', '1')).stdout).toContain('Trained anew.');
    expect((await run('close', '1', '--reopen')).stdout).toContain('open again');
  });

  it.each([
    [['open', '--title', 'x'], 2, 'Say what it is about'],
    [['open', '--dataset', 'reviews'], 2, 'Say in a line what went wrong'],
    [['open', '--dataset', 'a', '--scope', scope], 2, 'Say what it is about'],
    [['open', '--dataset', 'a\u200bb', '--preview'], 2, 'invisible'],
    [['show', '99'], 2, 'There is no incident 99'],
    [['decide', '1', '--affected', '--artifact', '999999', '--reason', 'x'], 1, 'is no part of incident #1'],
    [['decide', '1', '--affected', '--artifact', 'x', '--reason', 'x'], 2, 'is no number'],
    [['close', '1', '--resolution', 'x', '--reopen'], 2, 'Say what came of it'],
    [['notice', '1'], 2, 'Say what is told'],
  ] as const)('refuses %j', async (args, code, message) => {
    const ended = await run(...args);
    expect([ended.code, ended.stderr + ended.stdout]).toEqual([code, expect.stringContaining(message)]);
  });
});
