import { and, inArray, ne } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { links } from '#db/schema/artifact.ts';
import type { InputRole } from '#lib/attestation/facts.ts';
import type { ChainNode } from '#lib/provenance/chain.ts';
import { chainSentence } from '#lib/provenance/chain-sentence.ts';
import { weakestReason } from '#lib/provenance/chain-way.ts';
import type { LinkState } from '#lib/provenance/link-state.ts';
import type { Sentence } from '#lib/provenance/sentence.ts';
import { LINK, NO_INPUTS } from '#lib/provenance/state.ts';
import { inBatches } from '#lib/services/graph/batch.ts';
import { getChain } from '#lib/services/graph/get-chain.ts';
import { listVerdicts } from '#lib/services/graph/list-verdicts.ts';

export interface PublicChain {
  readonly weakest: LinkState | null;
  readonly sentence: Sentence;
  /** The nearest first. */
  readonly links: readonly PublicLink[];
  /** Things upstream that have no row. */
  readonly omitted: number;
}

export interface PublicLink {
  readonly input: string;
  /** What it went into: null for the version itself. */
  readonly into: string | null;
  readonly role: InputRole;
  readonly state: LinkState;
  readonly reason: string;
  /** `sha256:…`; null where it is known by a name alone. */
  readonly digest: string | null;
}

const NODES = 200;
const VERDICTS = 200;

export interface PublicChainOptions {
  /** Bundles of the statements about the version itself that count. */
  readonly counting: ReadonlySet<string>;
  /** Whether reasons are told: they name who signed what. */
  readonly withSigners: boolean;
}

/**
 * What a version was made from, as outsiders see it.
 */
export async function readPublicChain(
  database: OpenDatabase,
  artifactId: number,
  { counting, withSigners }: PublicChainOptions,
): Promise<PublicChain | null> {
  const chain = await getChain(database, { artifactId, direction: 'ancestors', limit: NODES });
  if (!chain) return null;
  const verdicts = withSigners ? await listVerdicts(database, { artifactId, limit: VERDICTS }) : [];
  const nodes = new Map(chain.nodes.map((node) => [node.id, node]));
  const weakest = nodes.get(artifactId)?.weakest ?? null;
  const isCounting = countingLinks(
    database,
    chain.edges.flatMap(({ statements }) => statements.map(({ linkId }) => linkId)),
  );
  const shown = chain.edges.flatMap(({ childId, parentId, role, statements }) => {
    const [child, parent] = [nodes.get(childId), nodes.get(parentId)];
    const stated = statements.find(
      ({ linkId, bundleId }) =>
        isCounting.has(linkId) && (childId !== artifactId || bundleId === null || counting.has(bundleId)),
    );
    if (!child || !parent || !stated) return [];
    const { state, reason } = stated;
    const link: PublicLink = {
      input: parent.model?.name ?? stated.name ?? nameOf(parent),
      into: childId === artifactId ? null : nameOf(child),
      role,
      state,
      reason: withSigners ? reason : LINK[state].meaning,
      digest: parent.scheme === 'sha256' || parent.scheme === 'git' ? `${parent.scheme}:${parent.value}` : null,
    };
    return [{ link, distance: parent.distance }];
  });
  return {
    weakest,
    sentence: withSigners
      ? chainSentence(weakest, verdicts, weakestReason(chain))
      : [weakest === null ? NO_INPUTS.meaning : LINK[weakest].meaning],
    links: shown.sort((a, b) => a.distance - b.distance).map(({ link }) => link),
    omitted: chain.omitted,
  };
}

/** What outsiders state is no verdict's ground, and would let anybody write on the page. */
function countingLinks({ db }: OpenDatabase, linkIds: readonly number[]): ReadonlySet<number> {
  const read = inBatches((ids) =>
    db
      .select({ id: links.id })
      .from(links)
      .where(and(inArray(links.id, ids), ne(links.basis, 'outsider')))
      .prepare(),
  );
  return new Set(read(linkIds).map(({ id }) => id));
}

function nameOf({ model, name, scheme, value }: ChainNode): string {
  return model?.name ?? name ?? (scheme === 'name' || scheme === 'hf' ? value : `${scheme}:${value.slice(0, 16)}…`);
}
