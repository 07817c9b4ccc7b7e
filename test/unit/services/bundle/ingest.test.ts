import { readFileSync } from 'node:fs';
import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { artifacts, verdicts } from '#db/schema/artifact.ts';
import { bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import { findings } from '#db/schema/finding.ts';
import { models, versions } from '#db/schema/model.ts';
import { refusedFiles } from '#db/schema/source.ts';
import { compilePolicies } from '#lib/provenance/expected-signer.ts';
import { ingestBundle } from '#lib/services/bundle/ingest.ts';
import { parseTrustedAuthority, parseTrustedKey } from '#lib/sigstore/operator-trust.ts';
import { openContext } from '#test/support/context.ts';
import { standardsOf } from '#test/support/standards.ts';

const OMS = new URL('../../../fixtures/oms/', import.meta.url);
const fixture = (name: string) => readFileSync(new URL(name, OMS));
const trustedRoot = readFileSync(new URL('../../../fixtures/story/trusted_root.json', import.meta.url));

const nobody = standardsOf(trustedRoot);
const key = parseTrustedKey('release key', fixture('p256.pub').toString());
const authority = parseTrustedAuthority('Foundation CA', fixture('root.pem').toString());
const trusting = {
  ...standardsOf(trustedRoot, { operator: { keys: [key], authorities: [authority] } }),
  id: 'trusting',
};

describe('a bundle that is signed, not logged', () => {
  it('is refused and kept where nobody trusts its key, and accepted as soon as somebody does', () => {
    const ctx = openContext();
    const { db } = ctx.database;
    expect(ingestBundle(ctx, fixture('files-p256.sig'), nobody)).toMatchObject({
      outcome: 'refused',
      code: 'key-not-trusted',
      at: 'signature',
      reason: expect.stringContaining('trust.keys'),
    });
    expect(db.select().from(bundles).get()).toMatchObject({ state: 'refused', judgedUnder: nobody.id });
    expect(db.select().from(models).all()).toEqual([]);

    expect(ingestBundle(ctx, fixture('files-p256.sig'), trusting).outcome).toBe('accepted');
    expect(db.select().from(bundles).get()).toMatchObject({
      state: 'verified',
      method: 'key',
      sanType: 'public-key',
      san: 'release key',
      issuer: `trusted key sha256:${key.fingerprint}`,
      signedAt: null,
      signedAtSource: 'first-seen',
    });
  });

  it('has a version, a place in the graph, and no time', () => {
    const ctx = openContext();
    const { db } = ctx.database;
    ingestBundle(ctx, fixture('certificate.sig'), trusting);
    expect(db.select().from(bundles).get()).toMatchObject({
      method: 'certificate',
      issuer: 'trusted authority Foundation CA',
    });
    expect(db.select().from(artifacts).get()).toMatchObject({ kind: 'model', signature: 'unlogged', signedAt: null });
    const model = db.select().from(models).get();
    expect(model?.newestVersionId).toBe(db.select().from(versions).get()?.id);
    expect(model?.lastSignedAt).toBe(ctx.now());
    expect(db.select().from(events).get()).toMatchObject({
      seenBy: 'bundle',
      logIndex: null,
      claim: 'model',
      signedAt: null,
    });
    expect(db.select().from(verdicts).get()).toMatchObject({
      signature: 'unlogged',
      cause: expect.stringMatching(/^bundle bdl_/),
    });
  });

  it('is one version, whichever of its signers and hash types came', () => {
    const ctx = openContext();
    const { db } = ctx.database;
    for (const name of ['files-p256.sig', 'certificate.sig']) ingestBundle(ctx, fixture(name), trusting);
    expect(db.select().from(versions).all()).toHaveLength(1);
    expect(db.select().from(artifacts).all()).toHaveLength(1);
  });

  it('is a finding where another signer is expected', () => {
    const ctx = openContext();
    const { db } = ctx.database;
    const policies = compilePolicies([
      {
        name: 'By the CA',
        models: { glob: '**' },
        signers: [{ authority: 'Foundation CA' }],
        attesters: [],
        requireProvenance: false,
      },
    ]);
    ingestBundle(ctx, fixture('files-p256.sig'), { ...trusting, policies });
    expect(db.select().from(artifacts).get()).toMatchObject({ signature: 'unexpected' });
    expect(db.select().from(findings).all()).toMatchObject([
      { kind: 'unexpected-signer', resolvedAt: null, statement: expect.stringContaining('release key') },
    ]);
    ingestBundle(ctx, fixture('certificate.sig'), { ...trusting, policies });
    expect(db.select().from(artifacts).get()).toMatchObject({ signature: 'unlogged' });
  });
});

describe('what cannot be taken', () => {
  it('is kept as bytes with its place where it is not even a bundle, once', () => {
    const ctx = openContext();
    const { db } = ctx.database;
    const cut = fixture('files-p256.sig').subarray(0, 700);
    for (let i = 0; i < 2; i++) {
      expect(ingestBundle(ctx, cut, nobody)).toMatchObject({ outcome: 'refused', bundleId: null, code: 'not-json' });
    }
    expect(db.select().from(refusedFiles).all()).toMatchObject([
      { code: 'not-json', at: expect.stringMatching(/^character \d+$/), judgedUnder: nobody.id },
    ]);
    expect(db.select().from(refusedFiles).get()?.bytes.equals(cut)).toBe(true);
  });

  it('names the field at fault', () => {
    const ctx = openContext();
    const json = JSON.parse(fixture('files-p256.sig').toString());
    const without = { ...json, dsseEnvelope: { ...json.dsseEnvelope, payload: 'no base64 !' } };
    expect(ingestBundle(ctx, Buffer.from(JSON.stringify(without)), nobody)).toMatchObject({
      code: 'malformed-field',
      at: 'dsseEnvelope.payload',
    });
  });
});

describe('a bundle that was taken before', () => {
  it('is one bundle however often it comes', () => {
    const ctx = openContext();
    const { db } = ctx.database;
    const first = ingestBundle(ctx, fixture('files-p256.sig'), trusting);
    const second = ingestBundle(ctx, fixture('files-p256.sig'), trusting);
    expect([first, second]).toMatchObject([{ isNew: true }, { isNew: false }]);
    expect(db.select().from(bundles).all()).toHaveLength(1);
    expect(db.select().from(verdicts).all()).toHaveLength(1);
  });

  it('is one signing in another spelling of the same bundle', () => {
    const ctx = openContext();
    const { db } = ctx.database;
    const bytes = fixture('files-p256.sig');
    ingestBundle(ctx, bytes, trusting);
    ingestBundle(ctx, Buffer.from(JSON.stringify(JSON.parse(bytes.toString()), null, 1)), trusting);
    expect(db.select().from(bundles).all()).toHaveLength(2);
    expect(db.select().from(events).all()).toHaveLength(1);
  });

  it('is understood anew where an older version stored it, and stays the same bundle', () => {
    const ctx = openContext();
    const { db } = ctx.database;
    ingestBundle(ctx, fixture('files-p256.sig'), trusting);
    const seen = db.select().from(bundles).get()?.firstSeenAt;
    db.update(bundles).set({ judgedUnder: '' }).run();
    db.update(versions).set({ artifactId: null }).run();
    ctx.tick(1000);
    expect(ingestBundle(ctx, fixture('files-p256.sig'), trusting)).toMatchObject({ outcome: 'accepted', isNew: false });
    expect(db.select().from(bundles).get()).toMatchObject({ judgedUnder: trusting.id, firstSeenAt: seen });
    expect(db.select().from(versions).where(eq(versions.artifactId, 1)).all()).toHaveLength(1);
  });
});
