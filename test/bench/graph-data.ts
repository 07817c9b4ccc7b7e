import type { OpenDatabase } from '#db/client.ts';
import { artifactAliases, artifacts, links } from '#db/schema/artifact.ts';
import { bundles } from '#db/schema/bundle.ts';
import { models, versions } from '#db/schema/model.ts';
import { judgeLink } from '#lib/provenance/judge-link.ts';
import { judgeSignature } from '#lib/provenance/own-signature.ts';
import { MINT_TIME, mintHex } from '#test/factories.ts';

// A settled graph of any size, written in bulk as the services would have left it.

export const SIGNER = { san: 'release-bot@models.example', issuer: 'https://accounts.models.example' };

export interface GraphSize {
  readonly artifacts: number;
  /** Links of each artifact that is not among the first hundredth, which have none. */
  readonly inputs: number;
  /** Children of the one base that nobody signed yet, beside the rest. */
  readonly family: number;
}

export interface BuiltGraph {
  /** Artifact of the base of the family. */
  readonly base: number;
  /** Artifacts of the rest, in the order in which each is made from some before it. */
  readonly ids: readonly number[];
  readonly links: number;
}

const CHUNK = 2000;

/** Models of ten versions each, every version signed, made from versions before it chosen evenly; and one family. */
export function buildGraph({ db, sqlite }: OpenDatabase, size: GraphSize): BuiltGraph {
  const total = size.artifacts + size.family + 1;
  const base = size.artifacts + 1;
  let linkCount = 0;
  sqlite.transaction(() => {
    const writer = new BulkWriter(db);
    for (let id = 1; id <= total; id++) writer.addArtifact(id, id !== base);
    writer.flush();
    const next = seededNumbers(42);
    const roots = Math.max(1, Math.floor(size.artifacts / 100));
    for (let child = roots + 1; child <= size.artifacts; child++) {
      for (let position = 0; position < size.inputs; position++) {
        writer.addLink(child, 1 + Math.floor(next() * (child - 1)), position, true);
        linkCount++;
      }
    }
    for (let child = base + 1; child <= total; child++) writer.addLink(child, base, 0, false);
    writer.flush();
    // By their first link: the verdict stands on it.
    sqlite.exec(`
      UPDATE artifacts SET (weakest, weakest_link_id) = (SELECT max(state), min(id) FROM links WHERE child_id = artifacts.id)
      WHERE id IN (SELECT child_id FROM links)`);
    sqlite.exec('ANALYZE');
  })();
  return { base, ids: Array.from({ length: size.artifacts }, (_, i) => i + 1), links: linkCount + size.family };
}

/** The OMS root of the version under an artifact. */
export const rootOf = (id: number): string => mintHex(`bench root ${id}`);

class BulkWriter {
  private readonly db: OpenDatabase['db'];
  private readonly rows = {
    artifacts: [] as (typeof artifacts.$inferInsert)[],
    aliases: [] as (typeof artifactAliases.$inferInsert)[],
    models: [] as (typeof models.$inferInsert)[],
    versions: [] as (typeof versions.$inferInsert)[],
    bundles: [] as (typeof bundles.$inferInsert)[],
    links: [] as (typeof links.$inferInsert)[],
  };

  constructor(db: OpenDatabase['db']) {
    this.db = db;
  }

  addArtifact(id: number, isSigned: boolean): void {
    const name = `model-${Math.floor(id / 10)}`;
    const modelId = `mdl_${Math.floor(id / 10)}`;
    const at = MINT_TIME + id * 1000;
    const bundle = { bundleId: `bdl_${id}`, method: 'sigstore', ...SIGNER, signedAt: at } as const;
    const signatures = isSigned
      ? [{ ...bundle, by: 'files' as const, signedName: name, signedAtSource: 'timestamp-authority' as const }]
      : [];
    const own = judgeSignature({ kind: 'model', names: [name], isSeen: true, signatures }, { policyFor: () => null });
    this.rows.artifacts.push({
      id,
      kind: 'model',
      name,
      signature: own.state,
      signatureReason: own.reason,
      signedAt: own.signedAt,
      verdictSince: at,
      firstSeenAt: at,
    });
    this.rows.aliases.push({ scheme: 'sha256', value: rootOf(id), artifactId: id, kind: 'oms-root', firstSeenAt: at });
    if (id % 10 === 0 || id === 1) this.rows.models.push({ id: modelId, name, slug: name, firstSeenAt: at });
    const version = { method: 'files', hashType: 'sha256', fileCount: 3, ignorePaths: '[]', firstSeenAt: at } as const;
    this.rows.versions.push({ id: `ver_${id}`, modelId, root: rootOf(id), artifactId: id, ...version });
    this.rows.bundles.push({
      ...toBundle(id, at),
      state: isSigned ? 'verified' : 'refused',
      versionId: `ver_${id}`,
    });
    if (this.rows.artifacts.length >= CHUNK) this.flush();
  }

  addLink(childId: number, parentId: number, position: number, isSigned: boolean): void {
    const name = `model-${Math.floor(parentId / 10)}`;
    const { state, reason } = judgeLink({
      role: 'base-model',
      basis: 'attester',
      by: SIGNER,
      statedAt: MINT_TIME + childId * 1000,
      isPinned: true,
      parent: {
        label: name,
        signature: isSigned ? 'verified' : 'unsigned',
        signatureReason: '',
        signedAt: MINT_TIME + parentId * 1000,
        builtAt: null,
      },
      namesTwo: false,
      isLoop: false,
      signedInstead: null,
      certified: null,
    });
    this.rows.links.push({
      childId,
      parentId,
      role: 'base-model',
      bundleId: `bdl_${childId}`,
      basis: 'attester',
      position,
      name,
      digests: JSON.stringify([{ algorithm: 'sha256', digest: rootOf(parentId) }]),
      at: `predicate.buildDefinition.resolvedDependencies[${position}]`,
      state,
      reason,
      firstSeenAt: MINT_TIME,
    });
    if (this.rows.links.length >= CHUNK) this.flush();
  }

  flush(): void {
    const { db, rows } = this;
    if (rows.artifacts.length > 0) db.insert(artifacts).values(rows.artifacts).run();
    if (rows.aliases.length > 0) db.insert(artifactAliases).values(rows.aliases).run();
    if (rows.models.length > 0) db.insert(models).values(rows.models).run();
    if (rows.versions.length > 0) db.insert(versions).values(rows.versions).run();
    for (let i = 0; i < rows.bundles.length; i += 500) {
      db.insert(bundles)
        .values(rows.bundles.slice(i, i + 500))
        .run();
    }
    if (rows.links.length > 0) db.insert(links).values(rows.links).run();
    for (const list of Object.values(rows)) list.length = 0;
  }
}

/** A verified bundle; its bytes do not matter here. */
export function toBundle(id: number | string, at: number): typeof bundles.$inferInsert {
  return {
    id: `bdl_${id}`,
    sha256: mintHex(`bench bundle ${id}`),
    bytes: Buffer.from('{}'),
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    content: 'dsse',
    state: 'verified',
    signatureSha256: mintHex(`bench signature ${id}`),
    ...SIGNER,
    sanType: 'email',
    signedAt: at,
    signedAtSource: 'timestamp-authority',
    checks: '[]',
    firstSeenAt: at,
  };
}

/** Numbers from 0 to 1 that are the same in each run (mulberry32). */
export function seededNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
