import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ARCHIVE_CHECKS, type ArchiveCheckName } from '#lib/incident-archive/checklist.ts';
import { ARCHIVE_FORMAT, FILE } from '#lib/incident-archive/layout.ts';
import { verifyArchive } from '#lib/incident-archive/verify-archive.ts';
import { writeArchive } from '#lib/incident-archive/write-archive.ts';
import { NO_PREVIOUS } from '#lib/provenance/audit-chain.ts';
import { MINT_TIME } from '#test/factories.ts';
import { flipByte, packArchive, packWithManifest, unpackArchive } from '#test/support/archive-files.ts';
import { joinChunks } from '#test/support/story-incident.ts';

const id = `inc_${'9'.repeat(32)}`;
const verify = (bytes: Uint8Array) => verifyArchive(bytes, { trust: null, now: MINT_TIME });
const manifestOf = (more: object) => ({
  format: ARCHIVE_FORMAT,
  version: 1,
  incident: id,
  exportedAt: 1,
  generator: { name: 'x', version: '1' },
  files: [],
  ...more,
});
const alone = (manifest: object) => packArchive(new Map([[FILE.manifest, Buffer.from(JSON.stringify(manifest))]]));

/** An incident of which nothing is known yet. */
const empty = joinChunks(
  writeArchive({
    incident: {
      id,
      number: 9,
      title: 'nothing yet',
      state: 'open',
      severity: 'low',
      owner: null,
      openedAt: MINT_TIME,
      updatedAt: MINT_TIME,
      closedAt: null,
      evaluatedAt: MINT_TIME,
      scope: { any: [] },
      notice: null,
      audit: { entries: 0, lastHash: NO_PREVIOUS },
      exportedAt: MINT_TIME,
    },
    affected: { artifacts: [], affected: [] },
    links: [],
    bundles: [],
    events: [],
    declarations: [],
    trust: { root: null, earlier: [], keys: [], authorities: [], logs: [], problem: null },
    audit: [],
    proofs: new Map(),
    trustFiles: new Map(),
    readBundle: () => Promise.reject(new Error('there is none')),
    readEntry: () => Promise.reject(new Error('there is none')),
  }),
);

describe('verifying an archive', () => {
  it('of an incident that nothing is known of goes through every check', async () => {
    const { outcome, checks } = verify(await empty);
    expect(outcome).toBe('verified');
    expect(checks.map(({ name }) => name)).toEqual([...ARCHIVE_CHECKS]);
  });

  it('refuses random bytes, and throws for none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(verify(bytes).outcome).toBe('refused');
      }),
    );
  });

  it('throws for no archive with any JSON for any document', async () => {
    const files = unpackArchive(await empty);
    const json = [...files.keys()].filter((name) => name.endsWith('.json') && name !== FILE.manifest);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...json), fc.jsonValue(), async (name, value) => {
        const packed = await packWithManifest(new Map(files).set(name, Buffer.from(JSON.stringify(value))));
        expect(verify(packed).outcome).toBe('refused');
      }),
    );
  });

  it('throws for no archive of which any byte was changed, and takes none that says something else', async () => {
    const archive = await empty;
    const before = verify(archive);
    await fc.assert(
      fc.property(fc.nat({ max: archive.length - 1 }), (at) => {
        const report = verify(flipByte(archive, at));
        if (report.outcome === 'verified') expect(report).toEqual(before);
      }),
      { numRuns: 300 },
    );
  });

  it.each<[string, object, ArchiveCheckName, string]>([
    ['of another format', { format: 'other' }, 'manifest', 'manifest.json is not of this format, at format'],
    ['of a later version', { version: 3 }, 'manifest', 'manifest.json is not of this format, at version'],
    ['with more fields', { more: 1 }, 'manifest', 'manifest.json is not of this format'],
    ['without documents', {}, 'documents', 'incident.json is missing.'],
  ])('refuses a manifest %s, and says which field', async (_, more, name, statement) => {
    const { outcome, checks } = verify(await alone(manifestOf(more)));
    expect(outcome).toBe('refused');
    expect(checks.find((check) => check.name === name)).toMatchObject({ outcome: 'failed' });
    expect(checks.find((check) => check.name === name)?.statement).toContain(statement);
  });

  it('refuses a key that is doubled, of which two readers would take two values', async () => {
    const text = JSON.stringify(manifestOf({})).replace('{', `{"incident":"inc_0",`);
    const { statement } = verify(await packArchive(new Map([[FILE.manifest, Buffer.from(text)]])));
    expect(statement).toMatch(/manifest\.json cannot be read/);
  });

  it('refuses a scope of more criteria than are read', async () => {
    const files = unpackArchive(await empty);
    const incident = JSON.parse(files.get(FILE.incident)?.toString() ?? '') as object;
    const scope = { any: Array.from({ length: 1001 }, () => ({ is: { kind: 'commit', commit: 'c0ffee0' } })) };
    const packed = await packWithManifest(
      files.set(FILE.incident, Buffer.from(JSON.stringify({ ...incident, scope }))),
    );
    expect(verify(packed).statement).toBe('The scope has more than the 1000 criteria that are read.');
  });
});
