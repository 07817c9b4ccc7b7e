import { and, eq, exists, gte, inArray, lt, or, sql } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { artifactAliases, artifacts, links } from '#db/schema/artifact.ts';
import { models, versions } from '#db/schema/model.ts';
import { type AliasName, nameAlias } from '#lib/provenance/input-name.ts';
import { keyOf, ownAliases, readAliases, readAliasesOf } from '#lib/services/graph/alias.ts';
import { DECLARED, PROVEN } from './reached.ts';

/** An artifact that a scope names: where its ways begin. */
export interface Seed {
  readonly artifactId: number;
  /** The most that can be said of what is made of it. */
  readonly rank: number;
  /** Set where only links that state this digest mean it: some document says that it is another name of the artifact. */
  readonly only: AliasName | null;
}

const DIGEST = /^(sha256|sha384|sha512|blake2b|blake3|git):([0-9a-f]{7,128})$/i;
const BARE_DIGEST = /^[0-9a-f]{64}$|^[0-9a-f]{96}$|^[0-9a-f]{128}$/i;
const REPOSITORY_AT_COMMIT = /^(datasets\/)?([\w.-]+\/[\w.-]+)@([0-9a-f]{40})$/i;

/** Schemes in which a digest of that many digits may be. */
export function schemesOf(digest: string): readonly string[] {
  if (digest.length === 64) return ['sha256', 'blake3'];
  if (digest.length === 96) return ['sha384'];
  return digest.length === 128 ? ['sha512', 'blake2b'] : [];
}

/** The artifacts that a data set's or a base model's alias names. A digest names one; a name, all that bear it. */
export function findSeeds({ db }: Pick<OpenDatabase, 'db'>, kind: 'dataset' | 'base-model', alias: string): Seed[] {
  const digests = digestsOf(alias);
  if (digests.length > 0) return seedsByDigest(db, digests);
  const seeds = new Map<number, Seed>();
  const add = (rank: number) => (artifactId: number | null) => {
    if (artifactId === null || (seeds.get(artifactId)?.rank ?? Number.POSITIVE_INFINITY) <= rank) return;
    seeds.set(artifactId, { artifactId, rank, only: null });
  };
  for (const name of namesOf(kind, alias)) {
    heldBy(db, name).forEach(add(PROVEN));
    // Without its commit any commit is meant; and who does not say which may mean this one.
    const [repository, commit] = name.scheme === 'hf' ? name.value.split('@') : [];
    if (repository !== undefined && commit === undefined) atAnyCommit(db, repository).forEach(add(PROVEN));
    if (repository !== undefined && commit !== undefined) {
      heldBy(db, { scheme: 'hf', value: repository }).forEach(add(DECLARED));
    }
  }
  named(db, kind, alias).forEach(add(PROVEN));
  for (const { artifactId, isAttested } of statedAs(db, kind, alias)) add(isAttested ? PROVEN : DECLARED)(artifactId);
  return [...seeds.values()].sort((a, b) => a.artifactId - b.artifactId);
}

function digestsOf(alias: string): AliasName[] {
  const [, scheme, value] = DIGEST.exec(alias) ?? [];
  if (scheme !== undefined && value !== undefined)
    return [{ scheme: scheme.toLowerCase(), value: value.toLowerCase() }];
  if (!BARE_DIGEST.test(alias)) return [];
  const digest = alias.toLowerCase();
  return schemesOf(digest).map((of) => ({ scheme: of, value: digest }));
}

function seedsByDigest(db: OpenDatabase['db'], digests: readonly AliasName[]): Seed[] {
  return [...readAliases(db, digests).values()].map(({ artifactId, scheme, value }) => {
    const own = ownAliases(readAliasesOf(db, [artifactId]).get(artifactId) ?? []);
    const isOwn = own.some((name) => keyOf(name) === keyOf({ scheme, value }));
    return { artifactId, rank: PROVEN, only: isOwn ? null : { scheme, value } };
  });
}

/** The forms in which a name may have been kept: as a repository of Hugging Face, as an address, and as it is. */
function namesOf(kind: 'dataset' | 'base-model', alias: string): AliasName[] {
  const role = kind === 'dataset' ? 'dataset' : 'base-model';
  const [, folder, repository, commit] = REPOSITORY_AT_COMMIT.exec(alias) ?? [];
  const forms = [
    nameAlias({ uri: null, name: alias, role }, true),
    nameAlias({ uri: alias, name: null, role }, true),
    { scheme: 'name', value: alias },
    repository === undefined || commit === undefined
      ? null
      : { scheme: 'hf', value: `${role === 'dataset' ? 'datasets/' : (folder ?? '')}${repository}@${commit}` },
  ];
  const known = new Map(forms.flatMap((form) => (form === null ? [] : [[keyOf(form), form] as const])));
  return [...known.values()];
}

function heldBy(db: OpenDatabase['db'], name: AliasName): number[] {
  return [...readAliases(db, [name]).values()].map(({ artifactId }) => artifactId);
}

function atAnyCommit(db: OpenDatabase['db'], repository: string): number[] {
  return aliasesFrom(db, 'hf', `${repository}@`);
}

/** Artifacts with an alias of that scheme that begins so. */
export function aliasesFrom(db: OpenDatabase['db'], scheme: string, start: string): number[] {
  const last = start.slice(0, -1) + String.fromCharCode(start.charCodeAt(start.length - 1) + 1);
  const found = db
    .selectDistinct({ id: artifactAliases.artifactId })
    .from(artifactAliases)
    .where(and(eq(artifactAliases.scheme, scheme), gte(artifactAliases.value, start), lt(artifactAliases.value, last)))
    .all();
  return found.map(({ id }) => id);
}

/** Artifacts that statements or sources call so. */
function named(db: OpenDatabase['db'], kind: 'dataset' | 'base-model', name: string): (number | null)[] {
  const asDataset = db
    .select({ id: links.id })
    .from(links)
    .where(and(eq(links.parentId, artifacts.id), eq(links.role, 'dataset')));
  const isOfKind =
    kind === 'dataset'
      ? or(eq(artifacts.kind, 'dataset'), exists(asDataset))
      : inArray(artifacts.kind, ['model', 'component']);
  const called = db
    .select({ id: artifacts.id })
    .from(artifacts)
    .where(and(eq(artifacts.name, name), isOfKind))
    .all();
  const asModel = db
    .select({ id: versions.artifactId })
    .from(models)
    .innerJoin(versions, eq(versions.modelId, models.id))
    .where(eq(models.name, name))
    .all();
  const isModel = kind === 'base-model' ? asModel : asModel.filter(({ id }) => isUsedAsData(db, id));
  return [...called, ...isModel].map(({ id }) => id);
}

const MODEL_ROLES = ['base-model', 'adapter', 'component', 'quantised-from', 'merged-from'] as const;

/** Inputs that statements or files call so, beside whatever digest: by name or address. */
function statedAs(db: OpenDatabase['db'], kind: 'dataset' | 'base-model', alias: string) {
  const roles = kind === 'dataset' ? (['dataset'] as const) : MODEL_ROLES;
  const stated = (column: typeof links.name | typeof links.uri) =>
    db
      .select({ artifactId: links.parentId, isAttested: sql<number>`max(${links.basis} = 'attester')` })
      .from(links)
      .where(and(eq(column, alias), inArray(links.role, [...roles])))
      .groupBy(links.parentId)
      .all();
  return [...stated(links.name), ...stated(links.uri)].map(({ artifactId, isAttested }) => ({
    artifactId,
    isAttested: isAttested === 1,
  }));
}

function isUsedAsData(db: OpenDatabase['db'], artifactId: number | null): boolean {
  const link = db
    .select({ id: links.id })
    .from(links)
    .where(and(eq(links.parentId, artifactId ?? 0), eq(links.role, 'dataset')))
    .limit(1)
    .get();
  return link !== undefined;
}
