import { and, asc, count, eq, inArray, isNull } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { artifacts } from '#db/schema/artifact.ts';
import { events } from '#db/schema/event.ts';
import { findings } from '#db/schema/finding.ts';
import { models, versions } from '#db/schema/model.ts';
import type { LinkState } from '#lib/provenance/link-state.ts';
import type { ModelState } from '#lib/provenance/model-state.ts';
import { isSameSigner } from '#lib/provenance/signer.ts';
import { modelState, rankedSignings } from './signing.ts';

export interface ModelSummary {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly versions: number;
  readonly openFindings: number;
  readonly state: ModelState;
  /** The version signed last, else seen last; null where a name is all there is. */
  readonly newest: {
    readonly id: string;
    readonly root: string;
    readonly label: string | null;
    /** Null where no input is stated. */
    readonly weakest: LinkState | null;
  } | null;
  /** Null where nobody has signed any version. `at` is proven only where the state says logged. */
  readonly lastSigning: {
    readonly at: number;
    readonly san: string | null;
    readonly issuer: string | null;
    /** Whether the signature before it came from another signer. */
    readonly signerChanged: boolean;
  } | null;
  readonly firstSeenAt: number;
  readonly signers: readonly { readonly san: string | null; readonly issuer: string | null }[];
}

/** What lists show of these models, in the order of `ids`; those that are gone are left out. */
export function summariseModels(database: OpenDatabase, ids: readonly string[]): ModelSummary[] {
  const { db } = database;
  const wanted = inArray(models.id, [...ids]);
  const rows = db
    .select({
      id: models.id,
      name: models.name,
      slug: models.slug,
      firstSeenAt: models.firstSeenAt,
      newest: versions,
      weakest: artifacts.weakest,
    })
    .from(models)
    .leftJoin(versions, eq(versions.id, models.newestVersionId))
    .leftJoin(artifacts, eq(artifacts.id, versions.artifactId))
    .where(wanted)
    .all();
  const counted = db
    .select({ id: versions.modelId, count: count() })
    .from(versions)
    .where(inArray(versions.modelId, [...ids]))
    .groupBy(versions.modelId)
    .all();
  const open = db
    .select({ id: findings.modelId, count: count() })
    .from(findings)
    .where(and(inArray(findings.modelId, [...ids]), isNull(findings.resolvedAt)))
    .groupBy(findings.modelId)
    .all();
  const signings = Map.groupBy(selectSignings(database, ids), ({ modelId }) => modelId);
  return ids.flatMap((id): ModelSummary[] => {
    const row = rows.find((candidate) => candidate.id === id);
    if (!row) return [];
    const { newest: version, weakest, ...model } = row;
    const own = signings.get(id) ?? [];
    const [newest, before] = own;
    const signers = new Map(own.map((signer) => [JSON.stringify([signer.san, signer.issuer]), signer]));
    return [
      {
        ...model,
        newest: version && { id: version.id, root: version.root, label: version.label, weakest },
        versions: counted.find((one) => one.id === id)?.count ?? 0,
        openFindings: open.find((one) => one.id === id)?.count ?? 0,
        state: newest?.state ?? 'unsigned',
        lastSigning: newest
          ? { ...placeOf(newest), signerChanged: before !== undefined && !isSame(newest, before) }
          : null,
        signers: [...signers.values()].map(({ san, issuer }) => ({ san, issuer })),
      },
    ];
  });
}

interface RankedSigning {
  readonly modelId: string;
  readonly at: number;
  readonly san: string | null;
  readonly issuer: string | null;
  readonly state: ModelState;
}

/** Every signature of these models, the newest of each first. */
function selectSignings({ db }: OpenDatabase, ids: readonly string[]): RankedSigning[] {
  const ranked = rankedSignings(db, ids);
  return db
    .select({
      modelId: ranked.modelId,
      at: ranked.at,
      san: ranked.san,
      issuer: ranked.issuer,
      state: modelState(ranked.at, ranked.logIndex),
    })
    .from(ranked)
    .innerJoin(versions, eq(versions.id, ranked.versionId))
    .leftJoin(artifacts, eq(artifacts.id, versions.artifactId))
    .leftJoin(events, eq(events.id, ranked.eventId))
    .orderBy(asc(ranked.modelId), asc(ranked.rank))
    .all();
}

function placeOf({ at, san, issuer }: RankedSigning) {
  return { at, san, issuer };
}

/** A release workflow signs each tag under another identity, and is one signer all the same. */
function isSame(a: RankedSigning, b: RankedSigning): boolean {
  if (a.san === null || b.san === null) return a.san === b.san && a.issuer === b.issuer;
  return isSameSigner({ san: a.san, issuer: a.issuer }, { san: b.san, issuer: b.issuer });
}
