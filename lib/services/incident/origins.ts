import { and, eq, gte, inArray, isNotNull, isNull, lt, lte, or, type Placeholder, type SQL, sql } from 'drizzle-orm';
import { pluck, pluckByKeys, pluckFirst } from '#db/pluck.ts';
import { attestations, links } from '#db/schema/artifact.ts';
import { bundles } from '#db/schema/bundle.ts';
import { versions } from '#db/schema/model.ts';
import { describeSigner, signerOf } from '#lib/provenance/signer.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import { attestationOf, firstAttested, HAS_SAY, IS_VERIFIED, readAttested, stated } from './attested.ts';
import type { Graph } from './graph.ts';
import type { Window } from './signing-times.ts';

/** A signer or builder of something that is proven. */
export interface Origin {
  readonly key: string;
  /** As a sentence goes on: `signed by …`. */
  readonly what: string;
  /** Something proven that is from there. */
  readonly example: number;
  /** Artifacts from there, signed in the window: some may stand there several times. */
  members(): readonly (number | null)[];
  /** The bundle that shows it of one of them. */
  proofOf(artifactId: number): string | undefined;
}

const signerKey = (signer: string, issuer: string | null) => JSON.stringify(['signer', signer, issuer]);
const builderKey = (builder: string) => JSON.stringify(['builder', builder]);

/** Who signed what is proven: of workflows without branch or tag, so that each release of one counts. */
export function signersOf(
  graph: Graph,
  window: Window,
  proven: readonly number[],
  isProven: (id: number | null) => boolean,
): Origin[] {
  const origins = new Map<string, Origin>();
  for (const [san, issuer] of readSigners(graph, proven)) {
    const signer = signerOf(san) ?? san;
    const key = signerKey(signer, issuer);
    if (origins.has(key)) continue;
    const ofIssuer = issuer === null ? isNull(bundles.issuer) : eq(bundles.issuer, issuer);
    const signed = (isSigner: SQL | undefined, of?: number) => sql`
      SELECT ${of === undefined ? versions.artifactId : bundles.id} FROM ${bundles}
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
    origins.set(key, {
      key,
      what: `signed by ${who}`,
      example,
      members: () => pluck(graph.sqlite, find()),
      proofOf: (of) => pluck<string>(graph.sqlite, find(of))[0],
    });
  }
  return [...origins.values()];
}

/** Who signed any of these; of many, everybody who signed anything, as there are fewer signers than models. */
function readSigners({ db, sqlite, few }: Graph, proven: readonly number[]): [string, string | null][] {
  const isSigner = and(isNotNull(bundles.san), eq(bundles.state, 'verified'));
  if (proven.length > few) {
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
export function buildersOf(
  graph: Graph,
  window: Window,
  proven: readonly number[],
  isProven: (id: number | null) => boolean,
): Origin[] {
  return builtExamples(graph, proven, isProven).map(([builder, example]) => ({
    key: builderKey(builder),
    what: `built by ${elideMiddle(showText(builder), 200)}`,
    example,
    members: () => readAttested(graph, and(isBuilder(builder), within(window))).children.filter((child) => child > 0),
    proofOf: (of) => attestationOf(graph, and(isBuilder(builder), within(window), HAS_SAY), of),
  }));
}

const isBuilder = (builder: string) => sql`${stated('builder')} = ${builder}`;

/** The builders of what is proven, each with something that it built. */
function builtExamples(
  graph: Graph,
  proven: readonly number[],
  isProven: (id: number | null) => boolean,
): [string, number][] {
  if (proven.length <= graph.few) {
    const packed = pluckByKeys<string>(
      graph.sqlite,
      proven,
      (ids) => sql`SELECT DISTINCT json_array(${stated('builder')}, ${links.childId}) FROM ${links}
        CROSS JOIN ${attestations} ON ${attestations.bundleId} = ${links.bundleId}
        CROSS JOIN ${bundles} ON ${bundles.id} = ${links.bundleId}
        WHERE ${inArray(links.childId, ids)} AND ${HAS_SAY} AND ${IS_VERIFIED} AND ${stated('builder')} IS NOT NULL`,
    );
    return [...new Map(packed.map((pair) => JSON.parse(pair) as [string, number])).entries()];
  }
  const builders = pluck<string>(
    graph.sqlite,
    sql`SELECT DISTINCT ${stated('builder')} FROM ${attestations} WHERE ${stated('builder')} IS NOT NULL`,
  );
  return builders.flatMap((builder) => {
    const example = firstAttested(graph, isBuilder(builder), isProven);
    return example === undefined ? [] : [[builder, example] as [string, number]];
  });
}

/** From which of these origins each of a few artifacts is, signed in the window: of several the first. */
export function originsOfEach(
  graph: Graph,
  origins: readonly Origin[],
  window: Window,
  artifactIds: readonly number[],
): Map<number, Origin> {
  const order = new Map(origins.map(({ key }, i) => [key, i]));
  const first = new Map<number, number>();
  const put = (artifactId: number, key: string) => {
    const place = order.get(key);
    if (place !== undefined) first.set(artifactId, Math.min(place, first.get(artifactId) ?? place));
  };
  for (const packed of pluckByKeys<string>(graph.sqlite, artifactIds, (ids) => signersWithin(window, ids))) {
    const [artifactId, san, issuer] = JSON.parse(packed) as [number, string, string | null];
    put(artifactId, signerKey(signerOf(san) ?? san, issuer));
  }
  for (const packed of pluckByKeys<string>(graph.sqlite, artifactIds, (ids) => buildersWithin(window, ids))) {
    const [artifactId, builder] = JSON.parse(packed) as [number, string];
    put(artifactId, builderKey(builder));
  }
  return new Map([...first].flatMap(([id, place]) => (origins[place] ? [[id, origins[place]]] : [])));
}

function signersWithin(window: Window, ids: Placeholder[]): SQL {
  return sql`SELECT DISTINCT json_array(${versions.artifactId}, ${bundles.san}, ${bundles.issuer}) FROM ${versions}
    CROSS JOIN ${bundles} ON ${bundles.versionId} = ${versions.id} AND ${bundles.versionId} IS NOT NULL
    WHERE ${and(inArray(versions.artifactId, ids), IS_VERIFIED, isNotNull(bundles.san), within(window))}`;
}

function buildersWithin(window: Window, ids: Placeholder[]): SQL {
  return sql`SELECT DISTINCT json_array(${links.childId}, ${stated('builder')}) FROM ${links}
    CROSS JOIN ${bundles} ON ${bundles.id} = ${links.bundleId}
    CROSS JOIN ${attestations} ON ${attestations.bundleId} = ${links.bundleId}
    WHERE ${and(inArray(links.childId, ids), HAS_SAY, IS_VERIFIED, within(window))} AND ${stated('builder')} IS NOT NULL`;
}

function within({ from, to }: Window): SQL | undefined {
  const { signedAt } = bundles;
  return or(isNull(signedAt), and(gte(signedAt, from ?? 0), lte(signedAt, to ?? Number.MAX_SAFE_INTEGER)));
}
