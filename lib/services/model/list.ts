import { and, asc, count, desc, eq, exists, isNull, ne, or, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db, OpenDatabase } from '#db/client.ts';
import { artifacts } from '#db/schema/artifact.ts';
import { bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import { findings } from '#db/schema/finding.ts';
import { models, versions } from '#db/schema/model.ts';
import { LINK_STATES } from '#lib/provenance/link-state.ts';
import { MODEL_STATES } from '#lib/provenance/model-state.ts';
import { modelState, ofNewestSigning, signingTime } from './signing.ts';
import { type ModelSummary, summariseModels } from './summarise.ts';

const placeSchema = z.object({ at: z.int(), id: z.string().max(100) });

export type ModelPlace = z.infer<typeof placeSchema>;

const inputSchema = z.object({
  /** Part of the name. */
  search: z.string().max(512).optional(),
  /** Part of the identity that signed last. */
  signer: z.string().max(512).optional(),
  state: z.enum(MODEL_STATES).optional(),
  /** Of the newest version; `none` where no input is stated. */
  weakest: z.enum([...LINK_STATES, 'none']).optional(),
  /** Only models with something to look at. */
  hasFindings: z.boolean().optional(),
  olderThan: placeSchema.optional(),
  newerThan: placeSchema.optional(),
  limit: z.int().min(1).max(200),
});

export interface ModelPage {
  readonly models: readonly ModelSummary[];
  readonly older: ModelPlace | null;
  readonly newer: ModelPlace | null;
}

/** Models by their newest signature, newest first. */
export async function listModels(database: OpenDatabase, input: z.input<typeof inputSchema>): Promise<ModelPage> {
  const { olderThan, newerThan, limit, ...filter } = inputSchema.parse(input);
  const isBackwards = newerThan !== undefined && olderThan === undefined;
  const found = selectPlaces(database, { ...filter, olderThan, newerThan, isBackwards }, limit + 1);
  const hasMore = found.length > limit;
  const rows = found.slice(0, limit);
  if (isBackwards) rows.reverse();
  const first = rows[0];
  const last = rows.at(-1);
  return {
    models: summariseModels(
      database,
      rows.map(({ id }) => id),
    ),
    older: last && (isBackwards || hasMore) ? last : null,
    newer: first && (isBackwards ? hasMore : olderThan !== undefined) ? first : null,
  };
}

/** How many models there are in all. */
export async function countModels({ db }: OpenDatabase): Promise<number> {
  const counted = db
    .select({ count: count() })
    .from(models)
    .leftJoin(versions, eq(versions.id, models.newestVersionId))
    .leftJoin(artifacts, eq(artifacts.id, versions.artifactId))
    .where(isNoDataset)
    .get();
  return counted?.count ?? 0;
}

/** Data sets are signed like models; they have a list of their own. */
const isNoDataset = or(isNull(artifacts.kind), ne(artifacts.kind, 'dataset'));

/** Models that nobody has signed stand where they were first seen. */
const listedAt = sql<number>`coalesce(${models.lastSignedAt}, ${models.firstSeenAt})`;

type PageInput = Omit<z.output<typeof inputSchema>, 'limit'> & { isBackwards: boolean };

/** Which models stand on the page. What a row shows beyond that is read for these few only. */
function selectPlaces({ db }: OpenDatabase, input: PageInput, limit: number): ModelPlace[] {
  const { olderThan, newerThan, isBackwards, search, signer, state, weakest, hasFindings } = input;
  const place = olderThan
    ? sql`(${listedAt}, ${models.id}) < (${olderThan.at}, ${olderThan.id})`
    : newerThan && sql`(${listedAt}, ${models.id}) > (${newerThan.at}, ${newerThan.id})`;
  const by = isBackwards ? asc : desc;
  const query = db
    .select({ id: models.id, at: listedAt })
    .from(models)
    .leftJoin(versions, eq(versions.id, models.newestVersionId))
    .leftJoin(artifacts, eq(artifacts.id, versions.artifactId))
    .$dynamic();
  if (state !== undefined) query.leftJoin(events, eq(events.id, ofNewestSigning(db, bundles.eventId)));
  return query
    .where(
      and(
        isNoDataset,
        search === undefined ? undefined : contains(models.name, search),
        signer === undefined ? undefined : contains(ofNewestSigning(db, bundles.san), signer),
        state === undefined
          ? undefined
          : eq(modelState(ofNewestSigning(db, signingTime), ofNewestSigning(db, bundles.logIndex)), state),
        weakest === undefined
          ? undefined
          : weakest === 'none'
            ? isNull(artifacts.weakest)
            : eq(artifacts.weakest, weakest),
        hasFindings ? hasOpenFindings(db) : undefined,
        place,
      ),
    )
    .orderBy(by(listedAt), by(models.id))
    .limit(limit)
    .all();
}

function hasOpenFindings(db: Db): SQL {
  const open = db
    .select({ one: sql`1` })
    .from(findings)
    .where(and(eq(findings.modelId, models.id), isNull(findings.resolvedAt)));
  return exists(open);
}

function contains(column: SQLWrapper, text: string): SQL {
  const pattern = `%${text.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`;
  return sql`${column} LIKE ${pattern} ESCAPE '\\'`;
}
