import { and, asc, count, desc, eq, inArray, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { events } from '#db/schema/event.ts';
import { models, versions } from '#db/schema/model.ts';
import { type Logged, loggedState, rankedSignings } from './signing.ts';

const placeSchema = z.object({ at: z.int(), id: z.string().max(100) });

export type ModelPlace = z.infer<typeof placeSchema>;

const inputSchema = z.object({
  /** Part of the name. */
  search: z.string().max(512).optional(),
  /** Part of the identity that signed the newest version. */
  signer: z.string().max(512).optional(),
  logged: z.enum(['proved', 'waiting', 'not-logged']).optional(),
  olderThan: placeSchema.optional(),
  newerThan: placeSchema.optional(),
  limit: z.int().min(1).max(200),
});

export interface ModelSummary {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly versions: number;
  readonly lastSigning: {
    readonly at: number;
    readonly san: string | null;
    readonly issuer: string | null;
    readonly logged: Logged;
    readonly root: string;
    /** Whether the signature before it came from another signer. */
    readonly signerChanged: boolean;
  };
  readonly signers: readonly { readonly san: string | null; readonly issuer: string | null }[];
}

export interface ModelPage {
  readonly models: readonly ModelSummary[];
  readonly older: ModelPlace | null;
  readonly newer: ModelPlace | null;
}

/** Models by their newest signature, newest first. */
export async function listModels(database: OpenDatabase, input: z.input<typeof inputSchema>): Promise<ModelPage> {
  const { search, signer, logged, olderThan, newerThan, limit } = inputSchema.parse(input);
  const isBackwards = newerThan !== undefined && olderThan === undefined;
  const found = selectPlaces(database, { search, signer, logged, olderThan, newerThan, isBackwards }, limit + 1);
  const hasMore = found.length > limit;
  const rows = found.slice(0, limit);
  if (isBackwards) rows.reverse();
  const first = rows[0];
  const last = rows.at(-1);
  return {
    models: readSummaries(database, rows),
    older: last && (isBackwards || hasMore) ? last : null,
    newer: first && (isBackwards ? hasMore : olderThan !== undefined) ? first : null,
  };
}

/** How many models there are in all. */
export async function countModels({ db }: OpenDatabase): Promise<number> {
  return db.select({ count: count() }).from(models).get()?.count ?? 0;
}

type PageInput = Omit<z.output<typeof inputSchema>, 'limit'> & { isBackwards: boolean };

/** Which models stand on the page. What a row shows beyond that is read for these few only. */
function selectPlaces({ db }: OpenDatabase, input: PageInput, limit: number): ModelPlace[] {
  const ranked = rankedSignings(db);
  const { olderThan, newerThan, isBackwards, search, signer, logged } = input;
  const place = olderThan
    ? sql`(${ranked.at}, ${ranked.modelId}) < (${olderThan.at}, ${olderThan.id})`
    : newerThan && sql`(${ranked.at}, ${ranked.modelId}) > (${newerThan.at}, ${newerThan.id})`;
  const by = isBackwards ? asc : desc;
  const query = db.select({ id: ranked.modelId, at: ranked.at }).from(ranked).$dynamic();
  if (search !== undefined) query.innerJoin(models, eq(models.id, ranked.modelId));
  if (logged !== undefined) query.leftJoin(events, eq(events.id, ranked.eventId));
  return query
    .where(
      and(
        eq(ranked.rank, 1),
        search === undefined ? undefined : contains(models.name, search),
        signer === undefined ? undefined : contains(ranked.san, signer),
        logged === undefined ? undefined : eq(loggedState(ranked.logIndex), logged),
        place,
      ),
    )
    .orderBy(by(ranked.at), by(ranked.modelId))
    .limit(limit)
    .all();
}

function readSummaries({ db }: OpenDatabase, places: readonly ModelPlace[]): ModelSummary[] {
  const ids = places.map(({ id }) => id);
  const ranked = rankedSignings(db, inArray(versions.modelId, ids));
  const signings = db
    .select({
      modelId: ranked.modelId,
      at: ranked.at,
      san: ranked.san,
      issuer: ranked.issuer,
      logged: loggedState(ranked.logIndex),
      root: versions.root,
      versionId: versions.id,
    })
    .from(ranked)
    .innerJoin(versions, eq(versions.id, ranked.versionId))
    .leftJoin(events, eq(events.id, ranked.eventId))
    .orderBy(asc(ranked.modelId), asc(ranked.rank))
    .all();
  const named = db
    .select({ id: models.id, name: models.name, slug: models.slug })
    .from(models)
    .where(inArray(models.id, ids))
    .all();
  return places.flatMap(({ id }): ModelSummary[] => {
    const model = named.find((candidate) => candidate.id === id);
    const own = signings.filter(({ modelId }) => modelId === id);
    const [newest, before] = own;
    if (!model || !newest) return [];
    const { at, san, issuer, logged, root } = newest;
    const signerChanged = before !== undefined && (before.san !== san || before.issuer !== issuer);
    const signers = new Map(own.map((signer) => [JSON.stringify([signer.san, signer.issuer]), signer]));
    return [
      {
        ...model,
        versions: new Set(own.map(({ versionId }) => versionId)).size,
        lastSigning: { at, san, issuer, logged, root, signerChanged },
        signers: [...signers.values()].map((signer) => ({ san: signer.san, issuer: signer.issuer })),
      },
    ];
  });
}

function contains(column: SQLWrapper, text: string): SQL {
  const pattern = `%${text.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`;
  return sql`${column} LIKE ${pattern} ESCAPE '\\'`;
}
