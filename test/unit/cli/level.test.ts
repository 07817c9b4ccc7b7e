import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '#lib/config/load.ts';
import { recordConfigInForce } from '#lib/services/config/record-state.ts';
import { STORY_DIRECTORY } from '#test/support/story.ts';
import { openStoryStage, type StoryStage } from '#test/support/story-stage.ts';
import { runCli } from './run-cli.ts';

let stage: StoryStage;

beforeAll(async () => {
  stage = await openStoryStage();
  await stage.round();
  const file = parseConfig(readFileSync(join(STORY_DIRECTORY, 'modeltrail.yaml')), 'modeltrail.yaml');
  recordConfigInForce(stage.ctx, 'modeltrail.yaml', file.config);
}, 60_000);
afterAll(() => stage.close());

const level = (...args: string[]) => runCli(['level', ...args, '--database', stage.databasePath]);
const read = async (...args: string[]) => {
  const { code, stdout } = await level(...args, '--json');
  return { code, ...JSON.parse(stdout) };
};

describe('level', { timeout: 60_000 }, () => {
  it('tells several levels of the story apart, on the bundles as they were signed', async () => {
    expect(await read('northwind-base')).toMatchObject({ code: 0, level: 1, slsaBuild: { level: 2 } });
    expect(await read('northwind-assistant')).toMatchObject({ code: 1, level: 0, slsaBuild: { level: 1 } });
    expect(await read('tidewater-base')).toMatchObject({ code: 1, level: 0, slsaBuild: { level: 0 }, statements: 0 });
  });

  it('says what is missing, how that is known, and what to do', async () => {
    const { code, stdout } = await level('northwind-base', '--require', '2');
    expect(code).toBe(1);
    expect(stdout).toContain('ML-L1, provenance exists');
    expect(stdout).toContain('Missing for ML-L2:');
    expect(stdout).toMatch(
      /not known +2\.14 +The files are checked before they are deployed\n.+\n.+modeltrail verify --server/,
    );
    expect(stdout).not.toContain(' 2.12 ');
    expect((await level('northwind-base', '--all')).stdout).toMatch(/\nmet +2\.12/);
  });

  it('does not count what the certificate contradicts', async () => {
    const { checks } = await read('northwind-vision');
    expect(checks.find(({ id }: { id: string }) => id === '2.7')).toMatchObject({
      outcome: 'not-met',
      how: 'The certificate names another commit.',
    });
  });

  it('prints a summary that names no level which was not reached', async () => {
    const summary = async (...args: string[]) => {
      const { code, stdout } = await level('northwind-base', '--summary', '--verifier', 'https://m.example', ...args);
      return { code, ...JSON.parse(stdout).predicate };
    };
    expect(await summary()).toMatchObject({
      code: 0,
      verificationResult: 'PASSED',
      verifiedLevels: ['MODELTRAIL_ML_LEVEL_1', 'SLSA_BUILD_LEVEL_2'],
    });
    expect(await summary('--require', '3')).toMatchObject({ code: 1, verifiedLevels: ['FAILED'] });
  });

  it('has no answer for wrong arguments, and says of what is unknown that it is', async () => {
    expect(await level('northwind-base', '--require', '5')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/1, 2, 3 or 4/),
    });
    expect(await level('northwind-base', '--summary')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--verifier/),
    });
    expect(await level('northwind-base', '--summary', '--verifier', 'me')).toMatchObject({ code: 2 });
    expect(await read('nobody')).toMatchObject({ code: 1, outcome: 'unknown' });
  });
});
