import { beforeEach, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import { createDatabase } from '#db/migrate.ts';
import { getEvent } from '#lib/services/event/get.ts';
import {
  getBundleBytes,
  getCheckpointNote,
  getEntryBytes,
  getInclusionProof,
} from '#lib/services/event/get-download.ts';
import { type CheckpointRow, type LogRow, mintCheckpoint, mintEvent, mintLog } from '#test/factories.ts';
import { mintBundle, mintModel, mintVersion } from '#test/model-factories.ts';

let database: OpenDatabase;
let log: LogRow;
let checkpoint: CheckpointRow;

beforeEach(() => {
  database = createDatabase(':memory:');
  log = mintLog(database);
  checkpoint = mintCheckpoint(database, log);
});

describe('an event', () => {
  it('comes with its certificate, checks, rules, log, checkpoint and bundles', async () => {
    const event = mintEvent(
      database,
      { log, checkpoint, logIndex: 5 },
      { rules: [{ rule: 'Release bot', field: 'san', value: 'x', how: 'exact', own: true }] },
    );
    const version = mintVersion(database, mintModel(database, 'northwind'));
    mintBundle(database, event, { versionId: version.id });
    const detail = await getEvent(database, { id: event.id });
    expect(detail?.certificate?.sans[0]?.value).toBe('release-bot@models.example');
    expect(detail?.checks.map(({ name }) => name)).toEqual(['checkpoint-signature', 'inclusion', 'root-recomputed']);
    expect(detail?.rules.map(({ rule }) => rule)).toEqual(['Release bot']);
    expect(detail?.log).toMatchObject({ id: log.id, origin: log.origin });
    expect(detail?.checkpoint?.id).toBe(checkpoint.id);
    expect(detail?.bundles[0]?.version).toMatchObject({ name: 'northwind', fileCount: 3 });
  });

  it('names the model that a statement is about', async () => {
    const event = mintEvent(database, { log, checkpoint, logIndex: 5 });
    const version = mintVersion(database, mintModel(database, 'northwind'));
    mintBundle(database, event, {
      predicateType: 'https://slsa.dev/provenance/v1',
      subjects: [{ name: 'n', digest: version.root }],
    });
    mintBundle(database, event, {
      predicateType: 'https://cyclonedx.org/bom',
      subjects: [{ name: 'n', digest: '00'.repeat(32) }],
    });
    const bundles = (await getEvent(database, { id: event.id }))?.bundles ?? [];
    expect(bundles.map(({ version: about }) => about?.name ?? null).sort()).toEqual(['northwind', null]);
  });

  it('is null where there is none', async () => {
    expect(await getEvent(database, { id: 'evt_none' })).toBeNull();
  });
});

describe('downloads', () => {
  it('are the stored bytes, whatever they are', async () => {
    const entry = Buffer.from([0, 255, 13, 10, 0xc3, 0x28]);
    const event = mintEvent(database, { log, checkpoint, logIndex: 5 }, { entry });
    expect(Buffer.from((await getEntryBytes(database, { id: event.id })) ?? [])).toEqual(entry);
    expect(await getCheckpointNote(database, { id: event.id })).toBe(checkpoint.note);
    const proof = await getInclusionProof(database, { id: event.id });
    expect(proof?.startsWith('c2sp.org/tlog-proof@v1\nindex 5\n')).toBe(true);
    expect(proof?.endsWith(`\n\n${checkpoint.note}`)).toBe(true);
  });

  it('of a bundle prefer one that verified, and give the one that is named', async () => {
    const event = mintEvent(database, { log, checkpoint, logIndex: 5 });
    const refused = mintBundle(database, event, {
      state: 'refused',
      bytes: Buffer.from('{"refused":1}'),
      firstSeenAt: 1,
    });
    const verified = mintBundle(database, event, { bytes: Buffer.from('{"verified":1}'), firstSeenAt: 2 });
    expect(Buffer.from((await getBundleBytes(database, { id: event.id })) ?? [])).toEqual(verified.bytes);
    expect(Buffer.from((await getBundleBytes(database, { id: event.id, bundleId: refused.id })) ?? [])).toEqual(
      refused.bytes,
    );
  });

  it('never give the bundle of another event', async () => {
    const event = mintEvent(database, { log, checkpoint, logIndex: 5 });
    const other = mintEvent(database, { log, checkpoint, logIndex: 6 });
    const bundle = mintBundle(database, other);
    expect(await getBundleBytes(database, { id: event.id, bundleId: bundle.id })).toBeNull();
  });

  it('are null where nothing is kept', async () => {
    const event = mintEvent(database, null, { id: 'evt_bundle_only', entry: null });
    expect(await getEntryBytes(database, { id: event.id })).toBeNull();
    expect(await getInclusionProof(database, { id: event.id })).toBeNull();
    expect(await getBundleBytes(database, { id: event.id })).toBeNull();
  });
});
