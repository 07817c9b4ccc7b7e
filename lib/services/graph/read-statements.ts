import { eq, inArray } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { declarations, links } from '#db/schema/artifact.ts';
import { bundles } from '#db/schema/bundle.ts';
import type { ChainEdge, ChainStatement } from '#lib/provenance/chain.ts';
import { foldEdges, type JudgedLink } from '#lib/provenance/edge.ts';
import { groupBy, inBatches } from './batch.ts';
import { readDigests } from './stored-link.ts';

const STATED = {
  link: links,
  bundle: { eventId: bundles.eventId, san: bundles.san, issuer: bundles.issuer },
  declaration: { source: declarations.source, path: declarations.path, kind: declarations.kind },
};

type StatedLink = JudgedLink & { readonly statement: ChainStatement; readonly childId: number };

/** All edges from these artifacts to those of their inputs that `isMeant`, with every statement of each. */
export function readEdges(
  db: Db,
  ends: { readonly side: 'child' | 'parent'; readonly ids: readonly number[] },
  isMeant: (link: { readonly childId: number; readonly parentId: number }) => boolean,
): ChainEdge[] {
  const column = ends.side === 'child' ? links.childId : links.parentId;
  const read = inBatches((keys) =>
    db
      .select(STATED)
      .from(links)
      .leftJoin(bundles, eq(bundles.id, links.bundleId))
      .leftJoin(declarations, eq(declarations.id, links.declarationId))
      .where(inArray(column, keys))
      .prepare(),
  );
  const stated = read(ends.ids)
    .filter(({ link }) => isMeant(link))
    .map(({ link, bundle, declaration }): StatedLink => {
      const digests = readDigests(link.digests);
      const signer = bundle?.san == null ? null : { san: bundle.san, issuer: bundle.issuer };
      return {
        ...link,
        isPinned: digests.length > 0,
        statement: {
          linkId: link.id,
          state: link.state,
          reason: link.reason,
          name: link.name,
          uri: link.uri,
          digests,
          at: link.at,
          bundleId: link.bundleId,
          eventId: bundle?.eventId ?? null,
          signer,
          declaration,
        },
      };
    });
  return [...groupBy(stated, ({ childId }) => childId)]
    .flatMap(([childId, list]) =>
      foldEdges(list).map(
        ({ id, parentId, role, state, deciding, statements }): ChainEdge => ({
          id,
          childId,
          parentId,
          role,
          state,
          reason: deciding.reason,
          statements: statements.map(({ statement }) => statement),
        }),
      ),
    )
    .sort((a, b) => a.id - b.id);
}
