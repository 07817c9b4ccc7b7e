import { eq } from 'drizzle-orm';
import { versions } from '#db/schema/model.ts';
import type { HashList } from '#lib/hash-list/hash-list.ts';
import { readHashList } from '#lib/hash-list/read.ts';
import type { HashType } from '#lib/model-signing/resource.ts';
import { compilePolicies } from '#lib/provenance/expected-signer.ts';
import { storeVersion } from '#lib/services/bundle/record-version.ts';
import { settle } from '#lib/services/settle.ts';
import { observedManifest } from '#lib/services/source/observed-manifest.ts';
import { mintEvent, mintHex } from '#test/factories.ts';
import { mintBundle } from '#test/model-factories.ts';
import type { TestContext } from '#test/support/context.ts';

// Versions as the jobs would have stored them, and lists of their files as somebody would hand them in.

export const RELEASE = { san: 'release-bot@models.example', issuer: 'https://accounts.models.example' };
export const STRANGER = { san: 'somebody@elsewhere.example', issuer: 'https://accounts.elsewhere.example' };

export const POLICIES = compilePolicies([
  {
    name: 'ours',
    models: { glob: 'granite*' },
    signers: [{ identity: { exact: RELEASE.san } }, { key: 'release key' }],
    attesters: [],
    requireProvenance: false,
  },
]);

/** Path to content; each content has a digest of its own. */
export type Contents = Readonly<Record<string, string>>;

export const GRANITE: Contents = { 'config.json': 'config', 'model.safetensors': 'weights', 'README.md': 'card' };

interface Known {
  readonly name?: string;
  readonly files?: Contents;
  readonly seenAs?: 'signed' | 'observed' | 'registered';
  readonly label?: string;
  readonly hashType?: HashType;
  readonly ignorePaths?: readonly string[];
}

/** Stores a version that nobody has signed. @returns its ids. */
export function mintKnown(ctx: TestContext, known: Known = {}): { versionId: string; artifactId: number } {
  const { name = 'granite', files = GRANITE, seenAs = 'observed', label = null, hashType = 'sha256' } = known;
  const plain = observedManifest(
    name,
    Object.entries(files).map(([path, content]) => ({ path, sha256: mintHex(content) })),
  );
  const resources = plain.resources.map((resource) => ({ ...resource, algorithm: hashType }));
  const manifest = { ...plain, hashType, resources, ignorePaths: known.ignorePaths ?? [] };
  return ctx.database.db.transaction((tx) => {
    const stored = storeVersion(tx, manifest, { seenAs, label }, ctx.now());
    settle(tx, { policies: POLICIES, artifactIds: [stored.artifactId], cause: 'test', now: ctx.now() });
    return stored;
  });
}

/** Stores a verified signature over a version. */
export function signKnown(
  ctx: TestContext,
  { versionId, artifactId }: { versionId: string; artifactId: number },
  by: { san: string; issuer: string } | { key: string } = RELEASE,
): void {
  const seed = `${versionId} ${JSON.stringify(by)}`;
  const event = mintEvent(ctx.database, null, { id: `evt_${mintHex(seed).slice(0, 24)}`, leafHash: mintHex(seed) });
  const who =
    'key' in by
      ? { method: 'key' as const, san: by.key, issuer: 'trusted key', eventId: null, logIndex: null }
      : { method: 'sigstore' as const, ...by };
  mintBundle(ctx.database, event, { bytes: Buffer.from(seed), versionId, ...who });
  ctx.database.db.transaction((tx) => {
    tx.update(versions).set({ seenAs: 'signed' }).where(eq(versions.id, versionId)).run();
    settle(tx, { policies: POLICIES, artifactIds: [artifactId], cause: 'test', now: ctx.now() });
  });
}

export function linesOf(files: Contents): string {
  return Object.entries(files)
    .map(([path, content]) => `${mintHex(content)}  ${path}\n`)
    .join('');
}

export const listOf = (files: Contents): HashList => readHashList(new TextEncoder().encode(linesOf(files)));
