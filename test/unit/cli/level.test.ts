import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '#lib/config/load.ts';
import { recordConfigInForce } from '#lib/services/config/record-state.ts';
import { AnsweringServer } from '#test/support/answering-server.ts';
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

  it('asks a server the same, in the order of names, and believes nothing that is no answer', async () => {
    const { stdout } = await level('northwind-base', '--json');
    const known = JSON.parse(stdout);
    const answers: Record<string, object> = {
      '/api/v1/models/northwind-base-365a80': { name: 'northwind-base', slug: 'nb', versions: [known.version] },
      [`/api/v1/models/nb/versions/${known.version.id}/level`]: known,
      [`/api/v1/models/nb/versions/${known.version.id}/level/summary?require=2&verifier=urn%3Ax`]: { predicate: {} },
    };
    const server = await AnsweringServer.start();
    try {
      server.answer = ({ path }) =>
        answers[path] === undefined
          ? { status: 404, body: JSON.stringify({ code: 'not-found', detail: 'There is none.' }) }
          : { body: JSON.stringify(answers[path]) };
      const ask = (...args: string[]) => runCli(['level', ...args, '--server', server.url]);
      const asked = await ask('northwind-base', '--require', '2', '--json');
      expect([asked.code, JSON.parse(asked.stdout)]).toEqual([1, known]);
      const summary = await ask('northwind-base', '--require', '2', '--summary', '--verifier', 'urn:x');
      expect([summary.code, JSON.parse(summary.stdout)]).toEqual([1, { predicate: {} }]);
      expect((await ask('nobody')).code).toBe(1);
      expect((await ask('northwind-base', '--model-version', 'v9')).code).toBe(1);
      answers[`/api/v1/models/nb/versions/${known.version.id}/level`] = { ...known, level: 5 };
      expect(await ask('northwind-base')).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/does not answer as/),
      });
    } finally {
      await server.stop();
    }
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
