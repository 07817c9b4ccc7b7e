import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { bundleSubjects, bundles } from '#db/schema/bundle.ts';
import { models, versionFiles, versions } from '#db/schema/model.ts';
import { deliveries } from '#db/schema/source.ts';
import { stableId } from '#lib/ids.ts';
import { type EventRow, MINT_TIME, mintHex } from '#test/factories.ts';

// Models, bundles and source files as the jobs would have stored them.

export type VersionRow = typeof versions.$inferSelect;

export function mintModel({ db }: OpenDatabase, name: string, slug = name): typeof models.$inferSelect {
  return db
    .insert(models)
    .values({ id: stableId('model', name), name, slug, firstSeenAt: MINT_TIME })
    .returning()
    .get();
}

export function mintVersion(
  { db }: OpenDatabase,
  model: { id: string },
  {
    files = ['config.json', 'model.safetensors', 'README.md'],
    ...overrides
  }: Partial<typeof versions.$inferInsert> & { files?: readonly string[] } = {},
): VersionRow {
  const root = overrides.root ?? mintHex(`oms root ${model.id} ${files.join()}`);
  const row = db
    .insert(versions)
    .values({
      id: stableId('version', model.id, root),
      modelId: model.id,
      method: 'files',
      hashType: 'sha256',
      fileCount: files.length,
      ignorePaths: '[]',
      firstSeenAt: MINT_TIME,
      ...overrides,
      root,
    })
    .returning()
    .get();
  files.forEach((path, position) => {
    db.insert(versionFiles)
      .values({ versionId: row.id, position, path, algorithm: 'sha256', digest: mintHex(`${root} ${path}`) })
      .run();
  });
  return row;
}

/** A verified bundle about `event`; with `versionId` a model signature, with `subjects` a statement. */
export function mintBundle(
  { db }: OpenDatabase,
  event: EventRow | null,
  {
    subjects = [],
    ...overrides
  }: Partial<typeof bundles.$inferInsert> & { subjects?: readonly { name: string; digest: string }[] } = {},
): typeof bundles.$inferSelect {
  const seed = `bundle ${event?.id ?? ''} ${overrides.id ?? overrides.versionId ?? ''} ${overrides.predicateType ?? ''} ${subjects[0]?.digest ?? ''}`;
  const bytes =
    overrides.bytes ??
    Buffer.from(`{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","seed":"${mintHex(seed)}"}`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const row = db
    .insert(bundles)
    .values({
      id: stableId('bundle', sha256),
      sha256,
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      content: 'dsse',
      state: 'verified',
      payloadType: 'application/vnd.in-toto+json',
      predicateType: 'https://model_signing/signature/v1.0',
      signedSha256: event?.digest ?? null,
      signatureSha256: event?.signatureSha256 ?? mintHex(`signature ${seed}`),
      certificateSha256: event?.certificateSha256 ?? null,
      leafHash: event?.leafHash ?? null,
      logIndex: event?.logIndex ?? null,
      sanType: event?.sanType ?? null,
      san: event?.san ?? null,
      issuer: event?.issuer ?? null,
      signedAt: event?.signedAt ?? null,
      signedAtSource: event?.signedAtSource ?? null,
      eventId: event?.id ?? null,
      linkedBy: event ? 'leaf' : null,
      checks: '[]',
      firstSeenAt: event?.firstSeenAt ?? MINT_TIME,
      ...overrides,
      bytes,
    })
    .returning()
    .get();
  if (row.versionId !== null && row.state === 'verified')
    noteNewest(db, row.versionId, row.signedAt ?? row.firstSeenAt);
  subjects.forEach(({ name, digest }, position) => {
    db.insert(bundleSubjects).values({ bundleId: row.id, position, name, algorithm: 'sha256', digest }).run();
  });
  return row;
}

/** As `refreshModels` would: the version signed last. */
function noteNewest(db: OpenDatabase['db'], versionId: string, at: number): void {
  const version = db.select().from(versions).where(eq(versions.id, versionId)).get();
  const model = version && db.select().from(models).where(eq(models.id, version.modelId)).get();
  if (!model || (model.lastSignedAt ?? 0) > at) return;
  db.update(models).set({ newestVersionId: versionId, lastSignedAt: at }).where(eq(models.id, model.id)).run();
}

export function mintSourceFile(
  { db }: OpenDatabase,
  overrides: Partial<typeof deliveries.$inferInsert> & { path: string },
): void {
  db.insert(deliveries)
    .values({
      channel: 'directory',
      source: 'releases',
      size: 8123,
      modifiedAt: MINT_TIME,
      outcome: 'accepted',
      checkedAt: MINT_TIME,
      ...overrides,
    })
    .run();
}
