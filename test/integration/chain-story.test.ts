import { dirname } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundles } from '#db/schema/bundle.ts';
import { deliveries } from '#db/schema/source.ts';
import type { Chain, ChainEdge, ChainNode } from '#lib/provenance/chain.ts';
import { findArtifact } from '#lib/services/graph/find-artifact.ts';
import { getChain } from '#lib/services/graph/get-chain.ts';
import { listVerdicts } from '#lib/services/graph/list-verdicts.ts';
import type { StoryVerdict } from '#test/story/facts.ts';
import { storyEntry, storyVersion } from '#test/support/story.ts';
import { openStoryStage, type StoryStage } from '#test/support/story-stage.ts';

let stage: StoryStage;
/** What each version came to after the first wave. */
let broken: ReadonlyMap<string, StoryVerdict>;
let lateFrom: number;

// The recorded logs and bundles by the real clients, read by the jobs: first without the late signature, then with it.
beforeAll(async () => {
  stage = await openStoryStage({ until: 1, hub: true });
  await stage.round();
  broken = await readVerdicts();
  lateFrom = Date.now();
  stage.publish(2);
  await stage.round();
}, 120_000);
afterAll(() => stage.close());

describe('the chains of the story', () => {
  it('come to what was told of them before the late signature', () => {
    expect(Object.fromEntries(broken)).toEqual(expected('wave1'));
  });

  it('come to what was told of them once it has arrived', async () => {
    expect(Object.fromEntries(await readVerdicts())).toEqual(expected('wave2'));
  });

  it('are drawn whole, down to data sets and commits, where everything was signed', async () => {
    const chain = await ancestorsOf('northwind-assistant', '1.0.0');
    const { links, pinned, total } = chain.summary;
    expect(links).toEqual({ verified: total, 'parent-unsigned': 0, 'parent-unknown': 0, declared: 0, conflict: 0 });
    expect(pinned).toBe(total);
    expect(linesOf(chain)).toEqual([
      'harbour-corpus 2026-09 is the dataset of northwind-base 1.0.0',
      'northwind-base 1.0.0 is the base-model of northwind-vision 1.0.0',
      'northwind-base 1.0.0 is the component of northwind-assistant 1.0.0',
      'northwind-vision 1.0.0 is the component of northwind-assistant 1.0.0',
      'quay-images 2026-08 is the dataset of northwind-vision 1.0.0',
      'the commit of northwind-assistant 1.0.0',
      'the commit of northwind-base 1.0.0',
      'the commit of northwind-vision 1.0.0',
    ]);
  });

  it('say who signed each part of them, and that its time is proven', async () => {
    const chain = await ancestorsOf('northwind-assistant', '1.0.0');
    for (const node of chain.nodes.filter(({ kind }) => kind !== 'code')) {
      const told = storyOf(node);
      const entry = stage.story.facts.entries.find(
        ({ model, version, bundle }) => `${model} ${version}` === told && bundle?.endsWith('/model.sig'),
      );
      expect(node.signer, told).toEqual({ san: entry?.identity, issuer: entry?.issuer });
      expect(node.signedAt, told).toBe(Date.parse(entry?.signedAt ?? ''));
    }
  });

  it('are found from the other end too: all that rests on a data set', async () => {
    const chain = await chainOf('quay-images', '2026-10', 'descendants');
    expect([...new Set(chain.nodes.map(storyOf))].sort()).toEqual([
      'northwind-assistant 2.0.0',
      'northwind-assistant 2.1.0',
      'northwind-vision 1.2.0',
      'northwind-vision 1.3.0',
      'northwind-vision-lora 0.2.0',
      'quay-images 2026-10',
    ]);
  });
});

describe('a break that is mended late', () => {
  it('is kept in the history: since when, because of what, and what mended it', async () => {
    const history = await historyOf('northwind-assistant', '2.0.0');
    const settled = history.filter(({ signature }) => signature === 'verified');
    const mended = settled.at(-1);
    const before = settled.at(-2);
    expect(before).toMatchObject({ weakest: 'parent-unsigned' });
    expect(before?.reason).toContain('northwind-retrieval-index, a component, is signed by nobody');
    expect(before?.at).toBeLessThanOrEqual(lateFrom);
    expect(mended).toMatchObject({ weakest: 'verified', cause: `bundle ${lateBundle()}` });
    expect(mended?.at).toBeGreaterThanOrEqual(lateFrom);
  });

  it('is kept for everything that contains the part', async () => {
    const states = (await historyOf('northwind-assistant', '2.1.0')).map(({ weakest }) => weakest);
    expect(states.slice(-2)).toEqual(['parent-unsigned', 'verified']);
  });

  it('says that the signature came after the statement, and for which bytes it vouches', async () => {
    const index = await idOf('northwind-retrieval-index', '2026.10');
    const edge = (await ancestorsOf('northwind-assistant', '2.0.0')).edges.find(({ parentId }) => parentId === index);
    expect(edge).toMatchObject({ role: 'component', state: 'verified' });
    expect(edge?.reason).toMatch(/its signature came .* after the statement that names it/);
  });

  it('leaves no mark on chains that never contained the part', async () => {
    const after = (await historyOf('northwind-assistant', '1.0.0')).filter(({ at }) => at >= lateFrom);
    expect(after).toEqual([]);
  });
});

describe('what others say', () => {
  it('is shown as their claim, and breaks nothing', async () => {
    const edges = await edgesOf('northwind-base', '1.2.0');
    const claimed = edges.find(({ role }) => role === 'base-model');
    expect(claimed).toMatchObject({ state: 'declared' });
    expect(claimed?.reason).toContain('provenance@elsewhere.example');
  });

  it('does not hide that a provenance names another commit than its certificate', async () => {
    const code = (await edgesOf('northwind-vision', '1.3.0')).find(({ role }) => role === 'code');
    expect(code).toMatchObject({ state: 'conflict' });
  });

  it('adds to a link that its maker states in two documents: one edge, both named', async () => {
    const base = (await edgesOf('northwind-vision', '1.2.0')).filter(({ role }) => role === 'base-model');
    const bundlesOf = ['vision-1.2.0-provenance', 'vision-1.2.0-sbom'].map((id) => bundleIdOf(id));
    expect(base).toHaveLength(1);
    expect(base[0]?.statements.map(({ bundleId }) => bundleId).sort()).toEqual(bundlesOf.sort());
  });

  it('does not count as a signature where another signer is expected', async () => {
    const vision = await idOf('northwind-vision', '1.1.0');
    const edge = (await edgesOf('northwind-assistant', '1.1.0')).find(({ parentId }) => parentId === vision);
    expect(edge).toMatchObject({ state: 'parent-unsigned' });
  });
});

describe('a base model that is signed in no log', () => {
  it.each(['1.0.0', '1.1.0'])('carries a chain, and shows no time: %s', async (version) => {
    const chain = await ancestorsOf('tidewater-base', version);
    const told = stage.story.facts.unlogged.find((of) => of.version === version);
    expect(chain.nodes[0]).toMatchObject({ signature: 'unlogged', signedAt: null });
    expect(`${chain.nodes[0]?.signer?.san} ${chain.nodes[0]?.signer?.issuer}`).toContain(told?.trustedAs);
  });

  it('is a verified link of the adapter that was made for it', async () => {
    const base = await idOf('tidewater-base', '1.0.0');
    const edge = (await edgesOf('tidewater-lora', '0.1.0')).find(({ parentId }) => parentId === base);
    expect(edge).toMatchObject({ role: 'base-model', state: 'verified' });
  });
});

describe('the repositories beside them', () => {
  it('are held against their signatures: one is whole, one was changed after it was signed', () => {
    const signatures = Object.fromEntries(
      stage.ctx.database.db
        .select()
        .from(deliveries)
        .where(eq(deliveries.source, 'hub'))
        .all()
        .filter(({ path }) => path.endsWith('/model.sig'))
        .map(({ path, outcome, reasonCode, reason }) => [`hub/${dirname(path)}`, { outcome, reasonCode, reason }]),
    );
    const told = stage.story.facts.repositories.filter(({ signature }) => signature !== 'none');
    expect(Object.keys(signatures).sort()).toEqual(told.map(({ directory }) => directory).sort());
    for (const { directory, signature, changed } of told) {
      const isWhole = signature === 'whole';
      expect(signatures[directory], directory).toMatchObject({
        outcome: isWhole ? 'accepted' : 'refused',
        reasonCode: isWhole ? null : 'files-differ',
      });
      for (const path of changed) expect(signatures[directory]?.reason).toContain(path);
    }
  });

  it('are unsigned where nobody signed what lies there, and rest on what their cards declare', async () => {
    for (const { omsRoot, signature, declaredBase } of stage.story.facts.repositories) {
      if (signature === 'whole' || declaredBase === null) continue;
      const id = await findArtifact(stage.ctx.database, { scheme: 'sha256', value: omsRoot });
      const chain = await getChain(stage.ctx.database, { artifactId: id ?? 0, direction: 'ancestors', limit: 100 });
      expect(chain?.nodes[0]).toMatchObject({ signature: 'unsigned', weakest: 'declared' });
      expect(chain?.nodes.map(({ value }) => value)).toContain(declaredBase);
    }
  });

  it('add a declaration to what their maker signed, where both name the same base', async () => {
    const base = await idOf('tidewater-base', '1.0.0');
    const edge = (await edgesOf('tidewater-lora', '0.1.0')).find(({ parentId }) => parentId === base);
    expect(edge?.statements.map(({ state }) => state)).toEqual(['verified', 'declared', 'declared']);
    expect(edge?.statements.slice(1).map(({ declaration }) => declaration?.kind)).toEqual(['model-card', 'peft']);
  });
});

function expected(wave: 'wave1' | 'wave2'): Record<string, StoryVerdict> {
  return Object.fromEntries(
    stage.story.facts.models.map(({ model, version, verdicts: of }) => [`${model} ${version}`, of[wave]]),
  );
}

async function readVerdicts(): Promise<ReadonlyMap<string, StoryVerdict>> {
  const found = new Map<string, StoryVerdict>();
  for (const { model, version } of stage.story.facts.models) {
    const { signature, weakest } = focusOf(await ancestorsOf(model, version));
    if (signature === 'unknown') throw new Error(`${model} ${version} has never been seen`);
    found.set(`${model} ${version}`, { signature, weakest });
  }
  return found;
}

async function idOf(model: string, version: string): Promise<number> {
  const { omsRoot } = storyVersion(stage.story.facts, model, version);
  const id = await findArtifact(stage.ctx.database, { scheme: 'sha256', value: omsRoot });
  if (id === null) throw new Error(`${model} ${version} is not known`);
  return id;
}

async function chainOf(model: string, version: string, direction: Chain['direction']): Promise<Chain> {
  const chain = await getChain(stage.ctx.database, { artifactId: await idOf(model, version), direction, limit: 100 });
  if (chain === null) throw new Error(`${model} ${version} has no chain`);
  return chain;
}

const ancestorsOf = (model: string, version: string) => chainOf(model, version, 'ancestors');

function focusOf(chain: Chain): ChainNode {
  const [focus] = chain.nodes;
  if (focus === undefined) throw new Error('a chain has its focus at least');
  return focus;
}

/** The links of one version to its own inputs. */
async function edgesOf(model: string, version: string): Promise<ChainEdge[]> {
  const chain = await ancestorsOf(model, version);
  return chain.edges.filter(({ childId }) => childId === chain.focusId);
}

/** `model version`, by the OMS root; a commit by its digest. */
function storyOf({ value }: ChainNode): string {
  const told = stage.story.facts.models.find(({ omsRoot }) => omsRoot === value);
  return told === undefined ? value : `${told.model} ${told.version}`;
}

function linesOf(chain: Chain): string[] {
  const names = new Map(chain.nodes.map((node) => [node.id, storyOf(node)]));
  return chain.edges
    .map(({ childId, parentId, role }) => {
      if (role === 'code') return `the commit of ${names.get(childId)}`;
      return `${names.get(parentId)} is the ${role} of ${names.get(childId)}`;
    })
    .sort();
}

/** Every verdict that a version has had, the oldest first. */
async function historyOf(model: string, version: string) {
  const found = await listVerdicts(stage.ctx.database, { artifactId: await idOf(model, version), limit: 100 });
  return found.reverse();
}

function bundleIdOf(id: string): string {
  const { leafHash } = storyEntry(stage.story.facts, id);
  const found = stage.ctx.database.db.select().from(bundles).where(eq(bundles.leafHash, leafHash)).get();
  if (found === undefined) throw new Error(`the bundle of ${id} is not stored`);
  return found.id;
}

const lateBundle = () => bundleIdOf('index-2026.10');
