import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoryModel } from '#test/story/facts.ts';
import { STORY_DIRECTORY } from '#test/support/story.ts';
import { openStoryStage, type StoryStage } from '#test/support/story-stage.ts';
import { runCli } from './run-cli.ts';

let stage: StoryStage;
let model: StoryModel;
let folder: string;

const exportTo = (to: string, name: string, ...args: string[]) =>
  runCli(['export', name, '--to', to, '--database', stage.databasePath, ...args]);
const read = (name: string) => readFileSync(join(folder, name));
const list = (name: string) => readdirSync(join(folder, name)).sort();

beforeAll(async () => {
  stage = await openStoryStage();
  await stage.round();
  const logged = new Set(stage.story.facts.entries.map(({ omsRoot }) => omsRoot));
  const signed = stage.story.facts.models.find(
    (one) => one.signed && one.kind === 'model' && one.files.length > 1 && logged.has(one.omsRoot),
  );
  if (!signed) throw new Error('the story signs no model of several files in a log');
  model = signed;
  folder = join(stage.folder, 'evidence');
  const { code, stderr } = await exportTo(folder, model.model);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}, 90_000);
afterAll(() => stage.close());

describe('export', { timeout: 60_000 }, () => {
  it('leaves the folder and nothing beside it', () => {
    expect(readdirSync(stage.folder).filter((name) => name.includes('evidence'))).toEqual(['evidence']);
    expect(list('.')).toEqual([
      'README.txt',
      'bundles',
      'entries',
      'findings.json',
      'logs',
      'model.json',
      'trusted_root.json',
      'versions',
    ]);
  });

  it('has the trust root in force, and every bundle, byte for byte', () => {
    expect(read('trusted_root.json')).toEqual(readFileSync(join(STORY_DIRECTORY, 'trusted_root.json')));
    const digests = list('bundles').map((name) => sha256(read(`bundles/${name}`)));
    const published = stage.story.facts.entries
      .filter(({ omsRoot, bundle }) => omsRoot === model.omsRoot && bundle !== null)
      .map(({ bundle }) => sha256(readFileSync(join(STORY_DIRECTORY, bundle ?? ''))));
    expect(published.length).toBeGreaterThan(0);
    expect(digests).toEqual(expect.arrayContaining(published));
  });

  it('has a list that sha256sum takes for the files of the model', () => {
    const { versions } = JSON.parse(read('model.json').toString()) as { versions: { id: string; root: string }[] };
    const version = versions.find(({ root }) => root === model.omsRoot);
    const checksums = join(folder, `versions/${version?.id}/manifest.sha256sum`);
    const checked = execFileSync('sha256sum', ['--check', checksums], { cwd: join(STORY_DIRECTORY, model.directory) });
    expect(checked.toString().match(/: OK$/gm)).toHaveLength(model.files.length);
    const statement = JSON.parse(read(`versions/${version?.id}/statement.json`).toString());
    expect(statement.subject[0].digest.sha256).toBe(model.omsRoot);
  });

  it('has proofs and bundles that verify from the folder alone', async () => {
    const ids = list('entries')
      .filter((name) => name.endsWith('.tlog-proof'))
      .map((name) => basename(name, '.tlog-proof'));
    expect(ids.length).toBeGreaterThan(0);
    const at = (id: string, ending: string) => join(folder, `entries/${id}.${ending}`);
    const trust = ['--trusted-root', join(folder, 'trusted_root.json')];
    const [id = ''] = ids;
    const files = ['--proof', at(id, 'tlog-proof'), '--entry', at(id, 'entry')];
    expect((await runCli(['proof', 'verify', ...files, ...trust])).code).toBe(0);
    const readme = read('README.txt').toString();
    expect(ids.filter((one) => !readme.includes(`entries/${one}.entry`))).toEqual([]);
  });

  it('gives commands in README.txt that run as they stand', () => {
    const readme = read('README.txt').toString();
    const scripts = [...readme.matchAll(/^python3 - [\s\S]*?^EOF$/gm)].map(([script]) => script);
    expect(scripts.length).toBeGreaterThan(1);
    for (const script of scripts.slice(0, 2)) execFileSync('bash', ['-ec', script], { cwd: folder });
    expect(readme).toContain('model_signing verify sigstore model');
  });

  it('exports one version by its root', async () => {
    const to = join(stage.folder, 'one');
    const { code, stdout } = await exportTo(to, model.model, '--model-version', model.omsRoot, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'exported', versions: 1 });
    expect(readdirSync(join(to, 'versions'))).toHaveLength(1);
  });

  it('refuses a folder that holds something, and leaves it as it is', async () => {
    const to = join(stage.folder, 'filled');
    mkdirSync(to);
    writeFileSync(join(to, 'mine'), 'mine');
    const { code, stderr } = await exportTo(to, model.model);
    expect(code).toBe(2);
    expect(stderr).toContain('is not empty');
    expect(readdirSync(to)).toEqual(['mine']);
  });

  it('takes an empty folder', async () => {
    const to = join(stage.folder, 'empty');
    mkdirSync(to);
    expect((await exportTo(to, model.model)).code).toBe(0);
    expect(readdirSync(to)).toContain('README.txt');
  });

  it.each([
    ['no such model', [], 'No model no such model is known here.'],
    [null, ['--model-version', '99'], 'has no version 99 here.'],
  ])('writes nothing and exits 1 for %s %j', async (name, args, message) => {
    const to = join(stage.folder, 'nothing');
    const { code, stdout } = await exportTo(to, name ?? model.model, ...args);
    expect(code).toBe(1);
    expect(stdout).toContain(message);
    expect(existsSync(to)).toBe(false);
  });
});

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
