import { and, eq, gte, inArray, isNotNull, isNull, lt, lte, or, type SQL, sql } from 'drizzle-orm';
import { pluck, pluckByKeys, pluckFirst } from '#db/pluck.ts';
import { attestations, links, STATED_IN_FACTS } from '#db/schema/artifact.ts';
import { bundles } from '#db/schema/bundle.ts';
import { versions } from '#db/schema/model.ts';
import type { PathStep, Scope } from '#lib/provenance/scope.ts';
import { describeSigner, signerOf } from '#lib/provenance/signer.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import type { Graph } from './graph.ts';
import { labelOf } from './link-step.ts';
import { PROVEN, UNREACHED } from './reached.ts';
import type { Window } from './signing-times.ts';

const DAY = 86_400_000;
const MANY = 2000;
const BUILDER = sql.raw(STATED_IN_FACTS.builder);

type NamedInput = 'dataset' | 'base-model';

const INPUTS: Readonly<Record<NamedInput, { readonly isOne: SQL; readonly unsaid: string }>> = {
  // As the index on links to data sets has it.
  dataset: { isOne: sql`role = 'dataset'`, unsaid: 'which data it was made from' },
  'base-model': {
    isOne: sql`role IN ('base-model', 'adapter', 'component', 'quantised-from', 'merged-from')`,
    unsaid: 'which model it was made from',
  },
};

/** The kinds of input that a scope names: of others nothing is missing where a model does not state them. */
function inputsNamed(scope: Scope): readonly NamedInput[] {
  if ('is' in scope) return scope.is.kind === 'dataset' || scope.is.kind === 'base-model' ? [scope.is.kind] : [];
  return [...new Set(('all' in scope ? scope.all : scope.any).flatMap(inputsNamed))].sort();
}

/** A signer or builder of something that is proven. */
interface Origin {
  /** As a sentence goes on: `signed by …`. */
  readonly what: string;
  /** Something proven that is from there. */
  readonly example: number;
  /** Artifacts from there, signed in the window; `of` one alone, for its proof. */
  readonly find: (of?: number) => SQL;
}

export interface NotExcluded {
  /** In their order. */
  readonly ids: readonly number[];
  pathOf(artifactId: number): readonly PathStep[];
}

/**
 * Models that cannot be excluded where a scope names a data set or a base model: signed within the scope's window by a signer,
 * a workflow or a builder of what is proven, and without any data set (or model) stated. Without a window in the scope, from a day before the first proven signing to a day after
 * the last. What nothing proves a time of is within.
 *
 * @param proven those that are listed as such. @param ranks what the scope reaches anyway.
 */
export function findNotExcluded(graph: Graph, scope: Scope, proven: readonly number[], ranks: Uint8Array): NotExcluded {
  const nothing = { ids: [], pathOf: () => [] };
  const inputs = inputsNamed(scope);
  if (proven.length === 0 || inputs.length === 0) return nothing;
  const isProven = (id: number | null) => id !== null && ranks[id] === PROVEN;
  const window = windowOf(scope) ?? timesOf(graph, proven, isProven);
  if (window === null) return nothing;
  const origins = [...signersOf(graph, window, proven, isProven), ...buildersOf(graph, window, isProven)];
  const found = new Map<number, Origin>();
  for (const origin of origins) {
    for (const id of pluck<number | null>(graph.sqlite, origin.find())) {
      if (id !== null && ranks[id] === UNREACHED && !found.has(id)) found.set(id, origin);
    }
  }
  // Who says what of each kind went in says by that what did not.
  const told = inputs.map((kind) => withInput(graph, kind, [...found.keys()]));
  for (const id of [...found.keys()]) if (told.every((said) => said.has(id))) found.delete(id);
  const unsaid = inputs.map((kind) => INPUTS[kind].unsaid).join(', or ');
  return {
    ids: [...found.keys()].sort((a, b) => a - b),
    pathOf: (artifactId) => {
      const origin = found.get(artifactId);
      return origin ? [stepOf(graph, artifactId, origin, unsaid)] : [];
    },
  };
}

function stepOf(graph: Graph, artifactId: number, { what, example, find }: Origin, unsaid: string): PathStep {
  const [proof] = graph.db.values<[number, string]>(find(artifactId)).map(([, id]) => id);
  const label = labelOf(graph.sqlite, artifactId);
  const because = `${label} is ${what}, as ${labelOf(graph.sqlite, example)} is, in the same time, and nothing states ${unsaid}.`;
  return { artifactId, linkId: null, state: null, proofs: proof === undefined ? [] : [proof], because };
}

/** From the start of the first to the end of the last window that a scope names; null where it names none. */
function windowOf(scope: Scope): Window | null {
  if ('is' in scope) return scope.is.kind === 'window' ? scope.is : null;
  const windows = ('all' in scope ? scope.all : scope.any).flatMap((part) => windowOf(part) ?? []);
  if (windows.length === 0) return null;
  const from = Math.min(...windows.map((window) => window.from ?? Number.NEGATIVE_INFINITY));
  const to = Math.max(...windows.map((window) => window.to ?? Number.POSITIVE_INFINITY));
  return { from: Number.isFinite(from) ? from : null, to: Number.isFinite(to) ? to : null };
}

/** From a day before the first signing of what is proven to a day after the last; null where nothing proves a time. */
function timesOf(graph: Graph, proven: readonly number[], isProven: (id: number | null) => boolean): Window | null {
  const times = proven.length > MANY ? endsOf(graph, isProven) : timesOfEach(graph, proven);
  const [first] = times;
  if (first === undefined) return null;
  const from = times.reduce((least, time) => Math.min(least, time), first);
  const to = times.reduce((most, time) => Math.max(most, time), first);
  return { from: from - DAY, to: to + DAY };
}

const IS_TIMED = and(isNotNull(bundles.versionId), isNotNull(bundles.signedAt), eq(bundles.state, 'verified'));

function timesOfEach({ sqlite, db }: Graph, proven: readonly number[]): number[] {
  return pluckByKeys(sqlite, proven, (ids) =>
    db
      .select({ at: bundles.signedAt })
      .from(versions)
      .innerJoin(bundles, and(eq(bundles.versionId, versions.id), IS_TIMED))
      .where(inArray(versions.artifactId, ids)),
  );
}

/** The first and the last time, read from both ends and no further than to what is proven: of much that is, that is not far. */
function endsOf({ sqlite, db }: Graph, isProven: (id: number | null) => boolean): number[] {
  return (['ASC', 'DESC'] as const).flatMap((direction) => {
    const signings = db
      .select({ packed: sql<string>`${bundles.signedAt} || ' ' || ${versions.artifactId}` })
      .from(bundles)
      .innerJoin(versions, eq(versions.id, bundles.versionId))
      .where(IS_TIMED)
      .orderBy(sql`${bundles.signedAt} ${sql.raw(direction)}`);
    const end = pluckFirst<string | null>(sqlite, signings, (packed) => isProven(Number(packed?.split(' ')[1])));
    return end == null ? [] : [Number(end.split(' ')[0])];
  });
}

function within({ from, to }: Window): SQL | undefined {
  const { signedAt } = bundles;
  return or(isNull(signedAt), and(gte(signedAt, from ?? 0), lte(signedAt, to ?? Number.MAX_SAFE_INTEGER)));
}

/** Who signed what is proven: of workflows without branch or tag, so that each release of one counts. */
function signersOf(
  graph: Graph,
  window: Window,
  proven: readonly number[],
  isProven: (id: number | null) => boolean,
): Origin[] {
  const origins = new Map<string, Origin>();
  for (const [san, issuer] of readSigners(graph, proven)) {
    const signer = signerOf(san) ?? san;
    const key = JSON.stringify([signer, issuer]);
    if (origins.has(key)) continue;
    const ofIssuer = issuer === null ? isNull(bundles.issuer) : eq(bundles.issuer, issuer);
    const signed = (isSigner: SQL | undefined, of?: number) => sql`
      SELECT ${versions.artifactId}${of === undefined ? sql`` : sql`, ${bundles.id}`} FROM ${bundles}
      JOIN ${versions} ON ${versions.id} = ${bundles.versionId}
      WHERE ${isSigner} AND ${ofIssuer} AND ${eq(bundles.state, 'verified')}
      ${of === undefined ? sql`` : sql` AND ${eq(versions.artifactId, of)}`}`;
    const example = pluckFirst<number | null>(graph.sqlite, signed(eq(bundles.san, san)), isProven);
    if (example == null) continue;
    // A workflow's address, and the same on any branch or tag.
    const anyRef = /^https?:\/\//.test(signer)
      ? and(gte(bundles.san, `${signer}@refs/`), lt(bundles.san, `${signer}@refs0`))
      : undefined;
    const inWindow = within(window);
    const find = (of?: number) => {
      const bySan = signed(and(eq(bundles.san, signer), inWindow), of);
      return anyRef === undefined ? bySan : sql`${bySan} UNION ${signed(and(anyRef, inWindow), of)}`;
    };
    const who = elideMiddle(showText(describeSigner({ san: signer, issuer })), 240);
    origins.set(key, { what: `signed by ${who}`, example, find });
  }
  return [...origins.values()];
}

/** Who signed any of these; of many, everybody who signed anything, as there are fewer signers than models. */
function readSigners({ db, sqlite }: Graph, proven: readonly number[]): [string, string | null][] {
  const isSigner = and(isNotNull(bundles.san), eq(bundles.state, 'verified'));
  if (proven.length > MANY) {
    return db.values(sql`SELECT DISTINCT ${bundles.san}, ${bundles.issuer} FROM ${bundles} WHERE ${isSigner}`);
  }
  const packed = pluckByKeys<string>(sqlite, proven, (ids) =>
    db
      .selectDistinct({ signer: sql`json_array(${bundles.san}, ${bundles.issuer})` })
      .from(versions)
      .innerJoin(bundles, and(eq(bundles.versionId, versions.id), isNotNull(bundles.versionId), isSigner))
      .where(inArray(versions.artifactId, ids)),
  );
  return [...new Set(packed)].map((signer) => JSON.parse(signer) as [string, string | null]);
}

/** What built something proven, by the attestation of one who has a say. */
function buildersOf(graph: Graph, window: Window, isProven: (id: number | null) => boolean): Origin[] {
  const builders = pluck<string>(
    graph.sqlite,
    sql`SELECT DISTINCT ${BUILDER} FROM ${attestations} WHERE ${BUILDER} IS NOT NULL`,
  );
  return builders.flatMap((builder): Origin[] => {
    const built = (condition: SQL | undefined, of?: number) => sql`
      SELECT ${links.childId}${of === undefined ? sql`` : sql`, ${bundles.id}`} FROM ${attestations}
      JOIN ${bundles} ON ${bundles.id} = ${attestations.bundleId}
      JOIN ${links} ON ${links.bundleId} = ${attestations.bundleId}
      WHERE ${BUILDER} = ${builder} AND ${eq(bundles.state, 'verified')} AND ${eq(links.basis, 'attester')}
      ${condition === undefined ? sql`` : sql` AND ${condition}`}
      ${of === undefined ? sql`` : sql` AND ${eq(links.childId, of)}`}`;
    const example = pluckFirst<number | null>(graph.sqlite, built(undefined), isProven);
    if (example == null) return [];
    const what = `built by ${elideMiddle(showText(builder), 200)}`;
    return [{ what, example, find: (of) => built(within(window), of) }];
  });
}

/** Those of which anybody states an input of the kind. */
function withInput({ db, sqlite }: Graph, kind: NamedInput, artifactIds: readonly number[]): Set<number> {
  const ids = pluckByKeys<number>(sqlite, artifactIds, (keys) =>
    db
      .select({ id: links.childId })
      .from(links)
      .where(and(inArray(links.childId, keys), INPUTS[kind].isOne)),
  );
  return new Set(ids);
}
