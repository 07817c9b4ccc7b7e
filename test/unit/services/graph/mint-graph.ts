import { eq } from 'drizzle-orm';
import { artifacts, attestations, declarations, links } from '#db/schema/artifact.ts';
import { bundleSubjects, type bundles } from '#db/schema/bundle.ts';
import { eventMatches } from '#db/schema/event.ts';
import { models, versionFiles, versions } from '#db/schema/model.ts';
import { type AttestationFacts, type InputRole, noFacts, type StatedInput } from '#lib/attestation/facts.ts';
import { stableId } from '#lib/ids.ts';
import { NO_POLICIES, type SignerPolicies } from '#lib/provenance/expected-signer.ts';
import type { Alias } from '#lib/services/graph/alias.ts';
import { placeArtifact } from '#lib/services/graph/place-artifact.ts';
import { recordLinks } from '#lib/services/graph/record-links.ts';
import { settleGraph } from '#lib/services/graph/settle-graph.ts';
import { MINT_TIME, mintEvent, mintHex } from '#test/factories.ts';
import { mintBundle, mintModel } from '#test/model-factories.ts';
import type { TestContext } from '#test/support/context.ts';

// What the jobs do with a bundle or a file once it verified, in miniature: stored, placed, linked and settled.

export const RELEASE = { san: 'release-bot@models.example', issuer: 'https://accounts.models.example' };
export const STRANGER = { san: 'somebody@elsewhere.example', issuer: 'https://accounts.elsewhere.example' };
export const DAY = 86_400_000;

export interface Signer {
  readonly san: string;
  readonly issuer: string;
}

interface Options {
  readonly by?: Signer;
  /** Proven time; null for what is signed but not logged. */
  readonly at?: number | null;
  readonly policies?: SignerPolicies;
  readonly method?: 'sigstore' | 'key' | 'certificate';
}

let minted = 0;

export const rootOf = (model: string): string => mintHex(`root of ${model}`);
export const input = (role: InputRole, stated: Partial<StatedInput> & { of?: string } = {}): StatedInput => {
  const { of, ...rest } = stated;
  const digests = of === undefined ? [] : [{ algorithm: 'sha256', digest: rootOf(of) }];
  return { role, name: of ?? null, uri: null, digests, at: 'predicate.materials[0]', ...rest };
};

/** A model whose files are signed. @returns its artifact. */
export function signModel(
  ctx: TestContext,
  name: string,
  options: Options & { root?: string; aliases?: readonly Alias[]; files?: readonly string[] } = {},
): number {
  const { db } = ctx.database;
  const root = options.root ?? rootOf(name);
  const known = db.select().from(models).where(eq(models.name, name)).get();
  const model = known ?? mintModel(ctx.database, name);
  const artifactId = observe(ctx, name, root, options.aliases);
  const id = stableId('version', model.id, root);
  db.insert(versions)
    .values({
      id,
      modelId: model.id,
      root,
      artifactId,
      method: 'files',
      hashType: 'sha256',
      fileCount: 1,
      ignorePaths: '[]',
      firstSeenAt: ctx.now(),
    })
    .onConflictDoNothing()
    .run();
  options.files?.forEach((digest, position) => {
    db.insert(versionFiles)
      .values({ versionId: id, position, path: `file-${position}`, algorithm: 'sha256', digest })
      .onConflictDoNothing()
      .run();
  });
  mintStatement(ctx, options, { versionId: id });
  settle(ctx, [artifactId], options, `bundle of ${name}`);
  return artifactId;
}

/** A set of files that was seen, signed by nobody. */
export function observe(ctx: TestContext, name: string, root = rootOf(name), aliases: readonly Alias[] = []): number {
  return placeArtifact(
    ctx.database.db,
    { kind: 'model', name, aliases: [{ scheme: 'sha256', value: root, kind: 'oms-root' }, ...aliases] },
    ctx.now(),
  );
}

/** A verified statement on the inputs of something. @returns the bundle and the subject's artifact. */
export function attest(
  ctx: TestContext,
  subject: string,
  inputs: readonly StatedInput[],
  options: Options & { facts?: Partial<AttestationFacts>; own?: boolean; certificate?: Record<string, string> } = {},
): { bundleId: string; artifactId: number } {
  const { db } = ctx.database;
  const digest = rootOf(subject);
  const facts = { ...noFacts('slsa-provenance', 'v1'), inputs, ...options.facts };
  const { id: bundleId } = mintStatement(ctx, options, { predicateType: 'https://slsa.dev/provenance/v1' });
  db.insert(bundleSubjects).values({ bundleId, position: 0, name: subject, algorithm: 'sha256', digest }).run();
  db.insert(attestations)
    .values({ bundleId, kind: facts.kind, facts: JSON.stringify(facts) })
    .run();
  const kind = facts.kind === 'croissant' ? 'dataset' : 'model';
  const placement = { kind, name: subject, aliases: [{ scheme: 'sha256', value: digest, kind: 'stated' }] } as const;
  const childId = placeArtifact(db, placement, ctx.now());
  const touched = recordLinks(db, { childId, document: { bundleId }, inputs }, ctx.now());
  settle(ctx, [childId, ...touched], options, `bundle ${bundleId}`);
  return { bundleId, artifactId: childId };
}

/** An unsigned file beside an artifact. */
export function declare(
  ctx: TestContext,
  artifactId: number,
  inputs: readonly StatedInput[],
  path = 'README.md',
): void {
  const { db } = ctx.database;
  const row = { source: 'hub', path, kind: 'model-card', sha256: mintHex(path), artifactId, facts: '{}' };
  const { id: declarationId } = db
    .insert(declarations)
    .values({ ...row, firstSeenAt: ctx.now() })
    .returning()
    .get();
  const touched = recordLinks(db, { childId: artifactId, document: { declarationId }, inputs }, ctx.now());
  settle(ctx, [artifactId, ...touched], {}, `declaration ${path}`);
}

export function settle(ctx: TestContext, artifactIds: readonly number[], options: Options = {}, cause = 'test'): void {
  const policies = options.policies ?? NO_POLICIES;
  ctx.database.db.transaction((tx) => settleGraph(tx, { policies, artifactIds, cause, now: ctx.now() }));
}

export function artifact(ctx: TestContext, id: number): typeof artifacts.$inferSelect {
  const row = ctx.database.db.select().from(artifacts).where(eq(artifacts.id, id)).get();
  if (!row) throw new Error(`no artifact ${id}`);
  return row;
}

export function linksOf(ctx: TestContext, childId: number): (typeof links.$inferSelect)[] {
  return ctx.database.db.select().from(links).where(eq(links.childId, childId)).orderBy(links.id).all();
}

/** The only link of a child. */
export function onlyLink(ctx: TestContext, childId: number): typeof links.$inferSelect {
  const [link, ...more] = linksOf(ctx, childId);
  if (!link || more.length > 0) throw new Error(`${childId} has ${more.length + (link ? 1 : 0)} links`);
  return link;
}

/** The bundle as it is stored, joined with the event of its log entry. */
function mintStatement(
  ctx: TestContext,
  {
    by = RELEASE,
    at = MINT_TIME,
    method = 'sigstore',
    ...rest
  }: Options & { own?: boolean; certificate?: Record<string, string> },
  overrides: Partial<typeof bundles.$inferInsert>,
): typeof bundles.$inferSelect {
  minted++;
  const extensions = Object.entries(rest.certificate ?? {}).map(([name, value]) => ({ oid: '', name, value, raw: '' }));
  const event = mintEvent(ctx.database, null, {
    ...by,
    id: `evt_${minted}`,
    signedAt: at,
    leafHash: mintHex(`leaf ${minted}`),
    ...(extensions.length > 0 ? { certificate: JSON.stringify({ extensions }) } : {}),
  });
  if (rest.own) {
    const match = { rule: 'ours', field: 'san', value: by.san, how: 'exact', own: true } as const;
    ctx.database.db
      .insert(eventMatches)
      .values({ eventId: event.id, ...match })
      .run();
  }
  return mintBundle(ctx.database, event, { bytes: Buffer.from(`bundle ${minted}`), method, ...by, ...overrides });
}
