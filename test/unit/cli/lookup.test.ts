import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listEvents } from '#lib/services/event/list.ts';
import type { KnownThing } from '#lib/services/lookup/known-thing.ts';
import { readDigest } from '#lib/services/lookup/look-up.ts';
import type { StoryModel } from '#test/story/facts.ts';
import { STORY_DIRECTORY } from '#test/support/story.ts';
import { openStoryStage, type StoryStage } from '#test/support/story-stage.ts';
import { runCli } from './run-cli.ts';

let stage: StoryStage;
let model: StoryModel;

beforeAll(async () => {
  stage = await openStoryStage();
  await stage.round();
  const signed = stage.story.facts.models.find((one) => one.signed && one.files.length > 1);
  if (!signed) throw new Error('the story signs no model of several files');
  model = signed;
}, 60_000);
afterAll(() => stage.close());

async function lookUp(what: string, ...args: string[]) {
  const { code, stdout, stderr } = await runCli(['lookup', what, '--database', stage.databasePath, '--json', ...args]);
  const known = stdout === '' ? [] : (JSON.parse(stdout) as { known: KnownThing[] }).known;
  return { code, stderr, known, kinds: new Set(known.map(({ kind }) => kind)) };
}

describe('lookup', { timeout: 60_000 }, () => {
  it.each(['', 'sha256:'])(
    'finds a model by its root written with "%s" before it, in upper case too',
    async (prefix) => {
      for (const hex of [model.omsRoot, model.omsRoot.toUpperCase()]) {
        const { code, known } = await lookUp(prefix + hex);
        expect(code).toBe(0);
        const version = known.find(({ kind, name }) => kind === 'version' && name.startsWith(model.model));
        expect(version?.facts.root).toBe(`sha256:${model.omsRoot}`);
        expect(known).toContainEqual(
          expect.objectContaining({ kind: 'artifact', page: expect.stringMatching(/^\/art/) }),
        );
      }
    },
  );

  it('does not take a digest of one algorithm for that of another', async () => {
    expect(await lookUp(`blake3:${model.omsRoot}`)).toMatchObject({ code: 1, known: [] });
    expect(readDigest(`sha256:${'a'.repeat(128)}`)).toEqual([]);
    expect(readDigest('a'.repeat(41))).toEqual([]);
  });

  it('says that a digest is that of one file of a model', async () => {
    const { known } = await lookUp(model.files[0]?.sha256 ?? '');
    expect(known.find(({ kind }) => kind === 'artifact')?.facts['found as']).toBe('one of its files');
  });

  it('finds a model by its exact name and by its slug, and not by a part', async () => {
    const { code, known } = await lookUp(model.model);
    const found = known.find(({ kind }) => kind === 'model');
    expect({ code, name: found?.name }).toEqual({ code: 0, name: model.model });
    const bySlug = await lookUp(found?.page.slice('/models/'.length) ?? '');
    expect(bySlug.known).toEqual([found]);
    expect((await lookUp(model.model.slice(0, -1))).code).toBe(1);
  });

  it('finds an identity, one for each issuer', async () => {
    const { code, known, kinds } = await lookUp('release-bot@models.example');
    expect(code).toBe(0);
    expect([...kinds]).toEqual(['identity']);
    expect(known.length).toBe(new Set(known.map(({ facts }) => facts.issuer)).size);
  });

  it('finds an event by its id, with its place in the log', async () => {
    const { events } = await listEvents(stage.ctx.database, { filter: { claim: 'model' }, limit: 1 });
    const { known } = await lookUp(events[0]?.id ?? '');
    expect(known).toMatchObject([{ kind: 'event', page: `/events/${events[0]?.id}`, state: 'Verified' }]);
    expect((await lookUp('evt_000000000000000000000000')).code).toBe(1);
  });

  it('hashes a folder on the disk, and finds what it is', async () => {
    const { code, known } = await lookUp(join(STORY_DIRECTORY, model.directory));
    expect(code).toBe(0);
    expect(known.map(({ facts }) => facts.root)).toContain(`sha256:${model.omsRoot}`);
  });

  it('knows nothing of a file that nobody signed, and exits 1', async () => {
    const file = join(stage.folder, 'nobody.bin');
    writeFileSync(file, 'signed by nobody');
    const run = await runCli(['lookup', file, '--database', stage.databasePath]);
    expect(run.code).toBe(1);
    expect(run.stdout).toContain('nothing is known of it');
    rmSync(file);
    expect((await lookUp(file)).code).toBe(2);
  });

  it('treats a hostile text as a text', async () => {
    const hostile = `x' OR 1=1 --%_\u001b[2J"*`;
    expect(await lookUp(hostile)).toMatchObject({ code: 1, known: [] });
    const { stdout } = await runCli(['lookup', hostile, '--database', stage.databasePath]);
    expect(stdout).not.toContain('\u001b');
  });

  it('exits 2 where there is no database', async () => {
    const { code, stderr } = await runCli(['lookup', 'x', '--database', join(stage.folder, 'none.db')]);
    expect(code).toBe(2);
    expect(stderr).toContain('There is no database');
  });
});
