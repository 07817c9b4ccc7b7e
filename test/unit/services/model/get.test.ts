import { beforeEach, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import { createDatabase } from '#db/migrate.ts';
import { getModel } from '#lib/services/model/get.ts';
import { getVersion } from '#lib/services/model/get-version.ts';
import { listUnclaimedOf } from '#lib/services/model/list-unclaimed.ts';
import { type CheckpointRow, type LogRow, MINT_TIME, mintCheckpoint, mintEvent, mintLog } from '#test/factories.ts';
import { mintBundle, mintModel, mintVersion } from '#test/model-factories.ts';

let database: OpenDatabase;
let log: LogRow;
let checkpoint: CheckpointRow;

beforeEach(() => {
  database = createDatabase(':memory:');
  log = mintLog(database);
  checkpoint = mintCheckpoint(database, log);
});

const san = 'release-bot@models.example';
const issuer = 'https://accounts.models.example';

describe('a model', () => {
  it('has its versions newest first, each with files in signed order and its own signatures and statements', async () => {
    const model = mintModel(database, 'northwind');
    const older = mintVersion(database, model, { files: ['z', 'a'], ignorePaths: '["logs/"]' });
    const newer = mintVersion(database, model, { files: ['b'] });
    mintBundle(database, mintEvent(database, { log, checkpoint, logIndex: 1 }, { signedAt: MINT_TIME }), {
      versionId: older.id,
    });
    mintBundle(database, mintEvent(database, { log, checkpoint, logIndex: 2 }, { signedAt: MINT_TIME + 1 }), {
      versionId: newer.id,
    });
    const statement = mintEvent(database, { log, checkpoint, logIndex: 3 });
    mintBundle(database, statement, {
      predicateType: 'https://slsa.dev/provenance/v1',
      subjects: [{ name: 'n', digest: older.root }],
    });
    const detail = await getModel(database, { slug: 'northwind' });
    expect(detail?.versions.map(({ root }) => root)).toEqual([newer.root, older.root]);
    const whole = await getVersion(database, { versionId: older.id });
    expect(whole?.files.map(({ path }) => path)).toEqual(['z', 'a']);
    expect(whole?.attestations.map(({ bundleId }) => bundleId)).toEqual(
      detail?.versions[1]?.attestations.map(({ bundleId }) => bundleId),
    );
    expect(detail?.versions[1]?.ignorePaths).toEqual(['logs/']);
    expect(detail?.versions.map(({ attestations }) => attestations.map(({ predicateType }) => predicateType))).toEqual([
      [],
      ['https://slsa.dev/provenance/v1'],
    ]);
    expect(detail?.versions[0]?.signings[0]).toMatchObject({ logged: 'proved', origin: log.origin, logIndex: 2 });
  });

  it('shows nothing of a refused bundle', async () => {
    const model = mintModel(database, 'northwind');
    const version = mintVersion(database, model);
    mintBundle(database, mintEvent(database, { log, checkpoint, logIndex: 1 }), {
      state: 'refused',
      versionId: version.id,
    });
    mintBundle(database, mintEvent(database, { log, checkpoint, logIndex: 2 }), {
      state: 'refused',
      predicateType: 'x',
      subjects: [{ name: 'n', digest: version.root }],
    });
    const detail = await getModel(database, { slug: 'northwind' });
    expect(detail?.versions[0]).toMatchObject({ signings: [], attestations: [] });
  });

  it('is null where the address names none', async () => {
    expect(await getModel(database, { slug: 'nothing' })).toBeNull();
  });
});

describe('what else a signer signed', () => {
  it('is what nobody has shown, by the same identity and issuer, and never a forgery of it', async () => {
    const mine = mintEvent(database, { log, checkpoint, logIndex: 1 });
    mintEvent(database, { log, checkpoint, logIndex: 2 }, { issuer: 'https://elsewhere.example' });
    mintEvent(database, { log, checkpoint, logIndex: 3 }, { authenticity: 'impersonation' });
    mintEvent(database, { log, checkpoint, logIndex: 4 }, { claim: 'other' });
    mintEvent(database, { log, checkpoint, logIndex: 5 }, { signedAt: MINT_TIME - 10_000 });
    const found = await listUnclaimedOf(database, { signers: [{ san, issuer }], since: MINT_TIME - 1 });
    expect(found.map(({ id }) => id)).toEqual([mine.id]);
  });
});
