import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findings } from '#db/schema/finding.ts';
import { versions } from '#db/schema/model.ts';
import { registrationConflicts, registrations } from '#db/schema/registration.ts';
import { readHashList } from '#lib/hash-list/read.ts';
import type { OmsManifest } from '#lib/model-signing/oms.ts';
import { orderOf, rootOf } from '#lib/model-signing/roots.ts';
import { storeVersion } from '#lib/services/bundle/record-version.ts';
import { registerVersion } from '#lib/services/registration/register.ts';
import { settle } from '#lib/services/settle.ts';
import { mintHex } from '#test/factories.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { standards } from '#test/unit/http/scene.ts';

let ctx: TestContext;

beforeEach(() => {
  ctx = openContext();
});
afterEach(() => ctx.database.close());

const listOf = (...files: readonly string[]) =>
  readHashList(Buffer.from(files.map((path) => `${mintHex(path)}  ${path}\n`).join('')));
const register = (label: string, ...files: readonly string[]) =>
  registerVersion(ctx, { model: 'tern', label, list: listOf(...files), source: 'ci' }, standards);
const mismatches = () =>
  ctx.database.db
    .select()
    .from(findings)
    .all()
    .filter(({ kind, resolvedAt }) => kind === 'registered-mismatch' && resolvedAt === null);

/** As a source shows them, in the order given: files of that label, of which nobody has shown a signature. */
function observe(label: string, files: readonly string[], hashType: 'sha256' | 'blake3' = 'sha256') {
  const resources = files.map((path) => ({ name: path, algorithm: hashType, digest: mintHex(path) }));
  const manifest: OmsManifest = {
    predicateType: '',
    name: 'tern',
    root: rootOf(resources),
    rootStated: false,
    rootOrder: orderOf(resources),
    method: 'files',
    hashType,
    shardSize: null,
    allowSymlinks: false,
    resources,
    ignorePaths: [],
  };
  ctx.database.db.transaction((tx) => {
    const { artifactId } = storeVersion(tx, manifest, { seenAs: 'observed', label }, ctx.now());
    settle(tx, { policies: standards.policies, artifactIds: [artifactId], cause: 'test', now: ctx.now() });
  });
}

describe('registering the files of a version', () => {
  it('finds other files that are seen under the label, and none under another', () => {
    const { root } = register('1.0.0', 'a', 'b');
    observe('1.0.1', ['a', 'c']);
    expect(mismatches()).toEqual([]);
    observe('1.0.0', ['a', 'd']);
    const [finding] = mismatches();
    expect(JSON.parse(finding?.evidence ?? '{}')).toMatchObject({ label: '1.0.0', 'root registered': root });
  });

  it('takes files in the other order of roots for the same files', () => {
    const files = ['a.b', 'a/c', 'd'];
    const { root } = register('1.0.0', ...files);
    observe('1.0.0', files);
    observe('1.0.0', ['a.b', 'a/c', 'd'].toReversed());
    const roots = ctx.database.db.select({ root: versions.root }).from(versions).all();
    expect(new Set(roots.map((row) => row.root))).toHaveProperty('size', 3);
    expect(roots).toContainEqual({ root });
    expect(mismatches().map(({ statement }) => statement)).toEqual([]);
  });

  it('says nothing of files that were hashed in another way', () => {
    register('1.0.0', 'a', 'b');
    observe('1.0.0', ['a', 'c'], 'blake3');
    expect(mismatches()).toEqual([]);
  });

  it('counts attempts to register other files, and changes nothing by them', () => {
    register('1.0.0', 'a');
    for (let i = 0; i < 3; i++) expect(() => register('1.0.0', 'a', 'b')).toThrow(/registered with other files/);
    const { db } = ctx.database;
    expect(db.select().from(registrationConflicts).all()).toMatchObject([{ count: 3, source: 'ci' }]);
    expect(db.select().from(registrations).all()).toHaveLength(1);
    expect(mismatches()).toHaveLength(1);
  });

  it('keeps the first registration of files that have two labels', () => {
    const first = register('1.0.0', 'a');
    const second = register('stable', 'a');
    expect(second).toMatchObject({ outcome: 'registered', versionId: first.versionId, root: first.root });
    expect(register('1.0.0', 'a')).toMatchObject({ outcome: 'known', label: '1.0.0' });
  });
});
