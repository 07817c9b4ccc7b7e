import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { events } from '#db/schema/event.ts';
import { getEntryBytes, getInclusionProof } from '#lib/services/event/get-download.ts';
import { listEvents } from '#lib/services/event/list.ts';
import { STORY_DIRECTORY } from '#test/support/story.ts';
import { openStoryStage, type StoryStage } from '#test/support/story-stage.ts';
import { runCli } from './run-cli.ts';

let stage: StoryStage;
let kept: { readonly id: string; readonly origin: string; readonly index: number };

beforeAll(async () => {
  stage = await openStoryStage();
  await stage.round();
  const filter = { identity: 'release-bot@models.example' };
  const { events } = await listEvents(stage.ctx.database, { filter, limit: 1 });
  const [event] = events;
  if (!event?.origin || event.logIndex === null) throw new Error('the story has no such event');
  kept = { id: event.id, origin: event.origin, index: event.logIndex };
}, 60_000);
afterAll(() => stage.close());

const log = (...args: string[]) => runCli(['log', ...args, '--database', stage.databasePath]);

describe('log list', { timeout: 60_000 }, () => {
  it('lists every followed log with how far it is verified', async () => {
    const { code, stdout } = await log('list', '--json');
    expect(code).toBe(0);
    const logs = JSON.parse(stdout) as { origin: string; verifiedSize: number; word: string }[];
    expect(logs.map(({ origin, verifiedSize, word }) => ({ origin, verifiedSize, word }))).toEqual(
      stage.story.facts.logs.map(({ origin, size }) => ({ origin, verifiedSize: size, word: 'Up to date' })),
    );
    expect((await log('list')).stdout).toContain('rekor2.localhost: Up to date');
  });
});

describe('log entry', { timeout: 60_000 }, () => {
  it('prints the entry as the log has it, with its proof verified again', async () => {
    const { code, stdout } = await log('entry', kept.origin, String(kept.index));
    expect(code).toBe(0);
    const printed = JSON.parse(stdout);
    expect(printed).toMatchObject({ eventId: kept.id, outcome: 'verified', reason: null, files: [] });
    const bytes = await getEntryBytes(stage.ctx.database, { id: kept.id });
    expect(printed.entry).toBe(Buffer.from(bytes ?? []).toString('base64'));
    expect(printed.proof).toBe(await getInclusionProof(stage.ctx.database, { id: kept.id }));
  });

  it('saves files that proof verify accepts', async () => {
    const folder = join(stage.folder, 'saved');
    expect((await log('entry', kept.origin, String(kept.index), '--save', folder)).code).toBe(0);
    const names = ['checkpoint', 'entry', 'tlog-proof'].map((ending) => `${kept.id}.${ending}`);
    expect(readdirSync(folder).sort()).toEqual(names);
    const [checkpoint = '', entry = '', proof = ''] = names.map((name) => join(folder, name));
    const trust = join(STORY_DIRECTORY, 'trusted_root.json');
    const run = await runCli(['proof', 'verify', '--proof', proof, '--entry', entry, '--trusted-root', trust]);
    expect(run.code).toBe(0);
    expect(readFileSync(proof, 'utf8').endsWith(readFileSync(checkpoint, 'utf8'))).toBe(true);
  });

  it('refuses an entry that was changed in the database, and exits 1', async () => {
    const { db } = stage.ctx.database;
    const bytes = Buffer.from((await getEntryBytes(stage.ctx.database, { id: kept.id })) ?? []);
    const write = (entry: Buffer) => db.update(events).set({ entry }).where(eq(events.id, kept.id)).run();
    write(Buffer.concat([bytes, Buffer.from(' ')]));
    const { code, stdout } = await log('entry', kept.origin, String(kept.index));
    write(bytes);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'refused', root: null });
  });

  it.each([
    ['999999', 'is kept here'],
    ['-1', 'Unknown option'],
    ['1e3', 'is no index'],
    ['0x10', 'is no index'],
  ])('exits 2 for the index %s', async (index, message) => {
    const { code, stderr } = await log('entry', kept.origin, index);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
