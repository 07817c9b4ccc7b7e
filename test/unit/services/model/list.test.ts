import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import { createDatabase } from '#db/migrate.ts';
import { artifacts } from '#db/schema/artifact.ts';
import { findings } from '#db/schema/finding.ts';
import { models, versions } from '#db/schema/model.ts';
import type { MODEL_STATES } from '#lib/provenance/model-state.ts';
import { listModels, type ModelPlace } from '#lib/services/model/list.ts';
import { type CheckpointRow, type LogRow, MINT_TIME, mintCheckpoint, mintEvent, mintLog } from '#test/factories.ts';
import { mintBundle, mintModel, mintVersion } from '#test/model-factories.ts';

let database: OpenDatabase;
let log: LogRow;
let checkpoint: CheckpointRow;
let next = 0;

beforeEach(() => {
  database = createDatabase(':memory:');
  log = mintLog(database);
  checkpoint = mintCheckpoint(database, log);
  next = 0;
});

function signVersion(
  model: { id: string },
  at: number,
  san = 'release-bot@models.example',
  extra: Parameters<typeof mintBundle>[2] = {},
) {
  const version = mintVersion(database, model, { files: [`weights-${next}`] });
  const event = mintEvent(database, { log, checkpoint, logIndex: next++ }, { san, signedAt: at, claim: 'model' });
  mintBundle(database, event, { versionId: version.id, ...extra });
  return version;
}

/** Gives a version its node in the graph. */
function placed(versionId: string, as: Partial<typeof artifacts.$inferInsert>): void {
  const { db } = database;
  const row = { kind: 'model' as const, verdictSince: MINT_TIME, firstSeenAt: MINT_TIME, ...as };
  const { id } = db.insert(artifacts).values(row).returning().get();
  db.update(versions).set({ artifactId: id }).where(eq(versions.id, versionId)).run();
}

describe('the list of models', () => {
  it('has the last signed first, with the state of its newest signature', async () => {
    const old = mintModel(database, 'old');
    signVersion(old, MINT_TIME);
    const young = mintModel(database, 'young');
    signVersion(young, MINT_TIME + 1000);
    const newest = signVersion(young, MINT_TIME + 9000);
    const { models } = await listModels(database, { limit: 10 });
    expect(models.map(({ name, versions }) => [name, versions])).toEqual([
      ['young', 2],
      ['old', 1],
    ]);
    expect(models[0]).toMatchObject({
      state: 'proved',
      newest: { root: newest.root, weakest: null },
      lastSigning: { at: MINT_TIME + 9000, signerChanged: false },
    });
  });

  it('tells a signature that our tail read from one that only a bundle places, and from one in no log', async () => {
    const model = mintModel(database, 'a');
    signVersion(model, MINT_TIME);
    expect((await listModels(database, { limit: 1 })).models[0]?.state).toBe('proved');
    signVersion(model, MINT_TIME + 1, undefined, { eventId: null });
    expect((await listModels(database, { limit: 1 })).models[0]?.state).toBe('waiting');
    signVersion(model, MINT_TIME + 2, undefined, { eventId: null, logIndex: null });
    expect((await listModels(database, { limit: 1 })).models[0]?.state).toBe('not-logged');
    expect((await listModels(database, { limit: 9, state: 'not-logged' })).models).toHaveLength(1);
    expect((await listModels(database, { limit: 9, state: 'proved' })).models).toHaveLength(0);
  });

  it('counts signers by identity and issuer, and sees when the signer changed', async () => {
    const model = mintModel(database, 'a');
    signVersion(model, MINT_TIME);
    signVersion(model, MINT_TIME + 1, 'other@models.example');
    const [summary] = (await listModels(database, { limit: 1 })).models;
    expect(summary?.signers).toHaveLength(2);
    expect(summary?.lastSigning?.signerChanged).toBe(true);
  });

  it('finds parts of names and of the last signer, taking wildcards for letters', async () => {
    signVersion(mintModel(database, 'harbour_asr'), MINT_TIME);
    signVersion(mintModel(database, 'harbourXasr'), MINT_TIME, 'publisher@lab.example');
    const names = async (input: { search?: string; signer?: string }) =>
      (await listModels(database, { limit: 9, ...input })).models.map(({ name }) => name);
    expect(await names({ search: 'HARBOUR' })).toHaveLength(2);
    expect(await names({ search: 'r_a' })).toEqual(['harbour_asr']);
    expect(await names({ search: '%' })).toEqual([]);
    expect(await names({ search: '\\' })).toEqual([]);
    expect(await names({ signer: 'lab.example' })).toEqual(['harbourXasr']);
  });

  it('takes the state of the newest signature alone, and `unsigned` where there is none', async () => {
    const logged = mintModel(database, 'logged');
    signVersion(logged, MINT_TIME, undefined, { eventId: null, logIndex: null });
    signVersion(logged, MINT_TIME + 5);
    const seen = mintVersion(database, mintModel(database, 'seen'), { seenAs: 'observed' });
    database.db.update(models).set({ newestVersionId: seen.id }).where(eq(models.id, seen.modelId)).run();
    const refused = mintModel(database, 'refused');
    signVersion(refused, MINT_TIME, undefined, { state: 'refused' });
    const named = async (state: (typeof MODEL_STATES)[number]) => {
      const page = await listModels(database, { limit: 9, state });
      expect(page.models.map((model) => model.state)).toEqual(page.models.map(() => state));
      return page.models.map(({ name }) => name).sort();
    };
    expect(await named('proved')).toEqual(['logged']);
    expect(await named('unsigned')).toEqual(['refused', 'seen']);
    expect(await named('not-logged')).toEqual([]);
  });

  it('has `unexpected` for a newest version that the wrong signer signed, and not for one signed by nobody', async () => {
    const version = signVersion(mintModel(database, 'stolen'), MINT_TIME);
    placed(version.id, { signature: 'unexpected' });
    signVersion(mintModel(database, 'good'), MINT_TIME);
    const { models: found } = await listModels(database, { limit: 9, state: 'unexpected' });
    expect(found.map(({ name, state }) => [name, state])).toEqual([['stolen', 'unexpected']]);
    expect((await listModels(database, { limit: 9, state: 'proved' })).models.map(({ name }) => name)).toEqual([
      'good',
    ]);
  });

  it('is narrowed by the weakest link of the newest version, `none` where no input is stated', async () => {
    const broken = mintModel(database, 'broken');
    placed(signVersion(broken, MINT_TIME + 1).id, { weakest: 'conflict' });
    const mended = mintModel(database, 'mended');
    placed(signVersion(mended, MINT_TIME).id, { weakest: 'conflict' });
    placed(signVersion(mended, MINT_TIME + 9).id, { weakest: 'verified' });
    signVersion(mintModel(database, 'silent'), MINT_TIME);
    const names = async (weakest: 'conflict' | 'verified' | 'declared' | 'none') =>
      (await listModels(database, { limit: 9, weakest })).models.map(({ name }) => name);
    expect(await names('conflict')).toEqual(['broken']);
    expect(await names('verified')).toEqual(['mended']);
    expect(await names('declared')).toEqual([]);
    expect(await names('none')).toEqual(['silent']);
  });

  it('is narrowed to models with something open to look at, not to those where it is past', async () => {
    const open = mintModel(database, 'open');
    const past = mintModel(database, 'past');
    for (const model of [open, past, mintModel(database, 'clean')]) signVersion(model, MINT_TIME);
    const finding = { kind: 'broken-link', statement: 'Broken.', evidence: '{}', firstAt: MINT_TIME } as const;
    database.db
      .insert(findings)
      .values([
        { ...finding, id: 'fnd_1', modelId: open.id },
        { ...finding, id: 'fnd_2', modelId: past.id, resolvedAt: MINT_TIME + 1 },
      ])
      .run();
    const { models: found } = await listModels(database, { limit: 9, hasFindings: true });
    expect(found.map(({ name, openFindings }) => [name, openFindings])).toEqual([['open', 1]]);
    expect((await listModels(database, { limit: 9, hasFindings: false })).models).toHaveLength(3);
  });

  it('is paged without losing or doubling any, though many share a time', async () => {
    for (let i = 0; i < 11; i++) signVersion(mintModel(database, `model-${i}`), MINT_TIME + (i % 3));
    const seen: string[] = [];
    let olderThan: ModelPlace | null = null;
    do {
      const page: Awaited<ReturnType<typeof listModels>> = await listModels(database, {
        limit: 4,
        ...(olderThan ? { olderThan } : {}),
      });
      seen.push(...page.models.map(({ name }) => name));
      olderThan = page.older;
    } while (olderThan);
    expect(new Set(seen).size).toBe(11);
    expect(seen).toHaveLength(11);
  });

  it('is empty where nothing was signed', async () => {
    expect(await listModels(database, { limit: 5 })).toEqual({ models: [], older: null, newer: null });
  });
});
