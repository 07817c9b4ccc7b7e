import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { artifactAliases, artifacts, links } from '#db/schema/artifact.ts';
import type { Scope } from '#lib/provenance/scope.ts';
import { findAffected } from '#lib/services/incident/find-affected.ts';
import { MINT_TIME, mintHex } from '#test/factories.ts';
import { mintBundle, mintModel, mintVersion } from '#test/model-factories.ts';
import { openContext } from '#test/support/context.ts';
import { type ReferenceGraph, type ReferenceScope, referenceTiers } from './reference.ts';

const SIZE = 12;
const node = fc.nat({ max: SIZE - 1 });
const graphs: fc.Arbitrary<ReferenceGraph> = fc.record({
  models: fc.array(fc.record({ signer: fc.option(fc.nat({ max: 2 })), at: fc.option(fc.nat({ max: 9 })) }), {
    minLength: SIZE,
    maxLength: SIZE,
  }),
  links: fc.array(fc.record({ child: node, parent: node, isProof: fc.boolean() }), { maxLength: 30 }),
});
const leaf: fc.Arbitrary<ReferenceScope> = fc.oneof(
  fc.record({ dataset: node }),
  fc.record({ base: node }),
  fc.record({ signer: fc.nat({ max: 2 }) }),
  fc
    .tuple(fc.nat({ max: 9 }), fc.nat({ max: 9 }))
    .map(([a, b]) => ({ window: [Math.min(a, b), Math.max(a, b)] as const })),
);
const { scope: scopes } = fc.letrec<{ scope: ReferenceScope }>((tie) => ({
  scope: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'scope' },
    leaf,
    fc.record({ all: fc.array(tie('scope'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('scope'), { minLength: 1, maxLength: 3 }) }),
  ),
}));

const timeOf = (at: number) => MINT_TIME + at * 1000;
const nameOf = (id: number) => mintHex(`artifact ${id}`);

describe('the blast radius', () => {
  it.each([
    ['each asked for by itself', undefined],
    ['all read in order', 0],
  ])(
    'has the tiers that the rules give when they are followed the slow way, %s',
    (_, few) => {
      const ctx = openContext();
      const { sqlite } = ctx.database;
      fc.assert(
        fc.property(graphs, scopes, (graph, scope) => {
          sqlite.exec('BEGIN');
          try {
            const ids = build(ctx, graph);
            const { affected, counts } = findAffected(ctx.database, translate(scope), {
              withoutNotExcluded: true,
              ...(few === undefined ? {} : { few }),
            });
            const found = new Map(affected.map(({ artifactId, tier }) => [ids.indexOf(artifactId), tier]));
            expect(found).toEqual(referenceTiers(graph, scope));
            expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(affected.length);
            for (const { artifactId, tier, path } of affected) {
              expect(path.at(-1)?.artifactId).toBe(artifactId);
              expect(path[0]?.linkId).toBeNull();
              expect(new Set(path.map((step) => step.artifactId)).size).toBeGreaterThanOrEqual(path.length - 1);
              if (tier === 'proven') expect(path.length).toBeLessThanOrEqual(2);
              for (const [i, step] of path.entries())
                if (i > 0) expectLink(ctx, step.linkId, path[i - 1]?.artifactId, step.artifactId);
            }
          } finally {
            sqlite.exec('ROLLBACK');
          }
        }),
        { numRuns: 200 },
      );
    },
    60_000,
  );
});

type Context = ReturnType<typeof openContext>;

function expectLink({ database }: Context, linkId: number | null, parentId: number | undefined, childId: number): void {
  const link = database.db
    .select()
    .from(links)
    .all()
    .find(({ id }) => id === linkId);
  expect(link).toMatchObject({ parentId, childId });
}

function build({ database }: Context, { models, links: edges }: ReferenceGraph): number[] {
  const { db } = database;
  const document = mintBundle(database, null, { id: 'bdl_document' });
  const ids = models.map(({ signer, at }, i) => {
    const { id } = db
      .insert(artifacts)
      .values({ kind: 'model', name: `model ${i}`, verdictSince: 0, firstSeenAt: 0 })
      .returning()
      .get();
    db.insert(artifactAliases)
      .values({ scheme: 'sha256', value: nameOf(i), kind: 'oms-root', artifactId: id, firstSeenAt: 0 })
      .run();
    const version = mintVersion(database, mintModel(database, `model ${i}`), { artifactId: id });
    const by = { san: signer === null ? 'nobody' : `signer ${signer}`, issuer: 'https://accounts.models.example' };
    mintBundle(database, null, {
      id: `bdl_${i}`,
      versionId: version.id,
      ...by,
      signedAt: at === null ? null : timeOf(at),
    });
    return id;
  });
  edges.forEach(({ child, parent, isProof }, position) => {
    db.insert(links)
      .values({
        childId: ids[child] ?? 0,
        parentId: ids[parent] ?? 0,
        role: 'base-model',
        bundleId: document.id,
        basis: isProof || position % 2 === 0 ? 'attester' : 'outsider',
        position,
        digests: '[]',
        at: 'test',
        state: isProof ? 'parent-unsigned' : 'declared',
        reason: 'Minted.',
        firstSeenAt: 0,
      })
      .run();
  });
  return ids;
}

function translate(scope: ReferenceScope): Scope {
  if ('all' in scope) return { all: scope.all.map(translate) };
  if ('any' in scope) return { any: scope.any.map(translate) };
  if ('dataset' in scope) return { is: { kind: 'dataset', alias: `sha256:${nameOf(scope.dataset)}` } };
  if ('base' in scope) return { is: { kind: 'base-model', alias: nameOf(scope.base) } };
  if ('signer' in scope) return { is: { kind: 'identity', identity: `signer ${scope.signer}` } };
  return { is: { kind: 'window', from: timeOf(scope.window[0]), to: timeOf(scope.window[1]) } };
}
