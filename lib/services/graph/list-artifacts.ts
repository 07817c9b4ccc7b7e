import { and, asc, count, eq, exists, gt, ne, or, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { artifactAliases, artifacts, links } from '#db/schema/artifact.ts';
import type { ChainNode } from '#lib/provenance/chain.ts';
import { ARTIFACT_KINDS } from '#lib/provenance/link-state.ts';
import { readNodes } from './read-nodes.ts';

const inputSchema = z.object({
  /** Data sets are also what any statement calls one: their signatures do not tell them from models. */
  kind: z.enum(ARTIFACT_KINDS),
  /** Part of the name, or of an alias. */
  search: z.string().max(512).optional(),
  /** The last id of the page before. */
  after: z.int().optional(),
  limit: z.int().min(1).max(200),
});

export interface ArtifactPage {
  readonly artifacts: readonly (ChainNode & { readonly uses: number })[];
  /** Give it as `after` for the next page; null on the last. */
  readonly next: number | null;
}

/** Artifacts of one kind, in the order in which they became known, with how many artifacts are made of each. */
export async function listArtifacts({ db }: OpenDatabase, input: z.input<typeof inputSchema>): Promise<ArtifactPage> {
  const { kind, search, after, limit } = inputSchema.parse(input);
  const found = db
    .select({ id: artifacts.id })
    .from(artifacts)
    .where(
      and(
        isOfKind(db, kind),
        search === undefined || search.trim() === '' ? undefined : contains(db, search.trim()),
        after === undefined ? undefined : gt(artifacts.id, after),
      ),
    )
    .orderBy(asc(artifacts.id))
    .limit(limit + 1)
    .all();
  const ids = found.slice(0, limit).map(({ id }) => id);
  const nodes = readNodes(db, new Map(ids.map((id) => [id, 0])));
  return {
    artifacts: nodes.map((node) => ({ ...node, uses: countUses(db, node.id) })),
    next: found.length > limit ? (ids.at(-1) ?? null) : null,
  };
}

function isOfKind(db: OpenDatabase['db'], kind: (typeof ARTIFACT_KINDS)[number]): SQL | undefined {
  const isKind = eq(artifacts.kind, kind);
  if (kind !== 'dataset') return isKind;
  const asDataset = db
    .select({ id: links.id })
    .from(links)
    .where(and(eq(links.parentId, artifacts.id), eq(links.role, 'dataset'), ne(links.basis, 'outsider')));
  return or(isKind, exists(asDataset));
}

function contains(db: OpenDatabase['db'], text: string): SQL | undefined {
  const folded = text.toLowerCase();
  const inAlias = db
    .select({ value: artifactAliases.value })
    .from(artifactAliases)
    .where(
      and(
        eq(artifactAliases.artifactId, artifacts.id),
        sql`replace(lower(${artifactAliases.value}), ${folded}, '') <> lower(${artifactAliases.value})`,
      ),
    );
  return or(sql`replace(lower(${artifacts.name}), ${folded}, '') <> lower(${artifacts.name})`, exists(inAlias));
}

function countUses(db: OpenDatabase['db'], artifactId: number): number {
  const uses = db
    .select({ n: count(sql`DISTINCT ${links.childId}`) })
    .from(links)
    .where(eq(links.parentId, artifactId))
    .get();
  return uses?.n ?? 0;
}
