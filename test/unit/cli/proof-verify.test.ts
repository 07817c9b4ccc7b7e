import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getEntryBytes, getInclusionProof } from '#lib/services/event/get-download.ts';
import { listEvents } from '#lib/services/event/list.ts';
import { ed25519Verifier, formatVerifierKey } from '#lib/tlog/key.ts';
import { STORY_DIRECTORY } from '#test/support/story.ts';
import { openStoryStage, type StoryStage } from '#test/support/story-stage.ts';
import { runCli } from './run-cli.ts';

let stage: StoryStage;
let files: { readonly proof: string; readonly entry: string };
let key: string;
let other: string;

function write(name: string, content: string | Uint8Array): string {
  const path = join(stage.folder, name);
  writeFileSync(path, content);
  return path;
}

const verify = (...args: string[]) => runCli(['proof', 'verify', ...args]);
const TRUST = ['--trusted-root', join(STORY_DIRECTORY, 'trusted_root.json')];

beforeAll(async () => {
  stage = await openStoryStage();
  await stage.round();
  const { database } = stage.ctx;
  const { events } = await listEvents(database, { filter: { identity: 'release-bot@models.example' }, limit: 2 });
  const id = events[0]?.id ?? '';
  files = {
    proof: write('e.tlog-proof', (await getInclusionProof(database, { id })) ?? ''),
    entry: write('e.entry', (await getEntryBytes(database, { id })) ?? ''),
  };
  const [log, log2] = stage.story.facts.logs.map(({ origin, publicKey }) =>
    formatVerifierKey(ed25519Verifier(origin, Buffer.from(publicKey, 'base64').subarray(-32))),
  );
  key = log ?? '';
  other = log2 ?? '';
}, 60_000);
afterAll(() => stage.close());

describe('proof verify', { timeout: 60_000 }, () => {
  it("verifies the files of an event's page with the log's key alone", async () => {
    const { code, stdout } = await verify('--proof', files.proof, '--entry', files.entry, '--key', key, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'verified',
      origin: 'rekor2.localhost',
      entry: { kind: 'hashedrekord 0.0.2' },
    });
  });

  it('verifies them with a trust root that has the key', async () => {
    const { code, stdout } = await verify('--proof', files.proof, '--entry', files.entry, ...TRUST);
    expect(code).toBe(0);
    expect(stdout).toContain('that rekor2.localhost signed.');
  });

  it("refuses another log's key", async () => {
    const { code, stdout } = await verify('--proof', files.proof, '--entry', files.entry, '--key', other);
    expect(code).toBe(1);
    expect(stdout).toContain('No known key signed the note');
  });

  it('refuses an entry with one byte changed', async () => {
    const bytes = readFileSync(files.entry);
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    const { code, stdout } = await verify('--proof', files.proof, '--entry', write('changed', bytes), '--key', key);
    expect(code).toBe(1);
    expect(stdout).toContain('the proof leads to root');
  });

  it('refuses the proof of another index', async () => {
    const text = readFileSync(files.proof, 'utf8').replace(/index (\d+)/, (_, index) => `index ${Number(index) ^ 1}`);
    const { code } = await verify('--proof', write('moved', text), '--entry', files.entry, '--key', key);
    expect(code).toBe(1);
  });

  it('refuses what is no proof, with the reason', async () => {
    const { code, stdout } = await verify('--proof', files.entry, '--entry', files.entry, '--key', key);
    expect(code).toBe(1);
    expect(stdout).toContain('The proof cannot be read.');
  });

  it.each([
    ['no key', [], '--key'],
    ['a key that is none', ['--key', 'nonsense'], 'Not a verifier key'],
    ['a key and a trust root', ['--key', 'x', ...TRUST], 'Leave one out'],
  ])('exits 2 for %s', async (_, args, message) => {
    const { code, stderr } = await verify('--proof', files.proof, '--entry', files.entry, ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
