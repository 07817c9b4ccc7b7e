import { and, eq, inArray } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { artifacts, links } from '#db/schema/artifact.ts';
import type { InputRole, StatedInput } from '#lib/attestation/facts.ts';
import { type AliasName, digestAliases, nameAlias } from '#lib/provenance/input-name.ts';
import { LOOP_REASON } from '#lib/provenance/judge-link.ts';
import type { ArtifactKind } from '#lib/provenance/link-state.ts';
import { keyOf, readAliases } from './alias.ts';
import { artifactsOnLoops } from './loop-partners.ts';
import { putAlias, resolveMention } from './resolve.ts';
import { UNSETTLED } from './unsettled.ts';

/** Who states inputs: the verified bundle, or the unsigned file. */
export type LinkDocument = { readonly bundleId: string } | { readonly declarationId: number };

export interface StatedLinks {
  readonly childId: number;
  readonly document: LinkDocument;
  readonly inputs: readonly StatedInput[];
}

const KINDS: Readonly<Record<InputRole, ArtifactKind>> = {
  'base-model': 'model',
  adapter: 'model',
  'quantised-from': 'model',
  'merged-from': 'model',
  component: 'component',
  dataset: 'dataset',
  code: 'code',
  environment: 'environment',
};

/**
 * Records what one document states of the inputs of one artifact, in place of what it stated before. Each input is
 * resolved to the artifact that its digests, else its name, stand for; one that nobody knows is made. Nothing is judged:
 * `settleGraph` with the ids that this returns does that.
 *
 * @returns ids of all artifacts touched: the child, its inputs, and those on loops that are open now.
 */
export function recordLinks(tx: Writer, { childId, document, inputs }: StatedLinks, now: number): number[] {
  const touched = new Set([childId, ...forgetLinks(tx, childId, document)]);
  inputs.forEach((input, position) => {
    const parentId = resolveInput(tx, input, `${childId} ${documentName(document)} ${input.at}`, document, now);
    touched.add(parentId);
    tx.insert(links)
      .values({
        childId,
        parentId,
        role: input.role,
        bundleId: 'bundleId' in document ? document.bundleId : null,
        declarationId: 'declarationId' in document ? document.declarationId : null,
        // Until it is judged: a statement may be an outsider's.
        basis: 'bundleId' in document ? 'attester' : 'declaration',
        position,
        name: input.name,
        uri: input.uri,
        digests: JSON.stringify(input.digests),
        at: input.at,
        state: 'parent-unknown',
        reason: UNSETTLED,
        firstSeenAt: now,
      })
      .run();
  });
  return [...touched];
}

function documentName(document: LinkDocument): string {
  return 'bundleId' in document ? document.bundleId : `declaration ${document.declarationId}`;
}

/** Removes what the document said of the child before. @returns artifacts whose loops ran over it. */
function forgetLinks(tx: Writer, childId: number, document: LinkDocument): number[] {
  const said = and(
    eq(links.childId, childId),
    'bundleId' in document ? eq(links.bundleId, document.bundleId) : eq(links.declarationId, document.declarationId),
  );
  const former = tx.select({ id: links.id, reason: links.reason }).from(links).where(said).all();
  if (former.length === 0) return [];
  const partners = former.some(({ reason }) => reason === LOOP_REASON) ? artifactsOnLoops(tx, [childId]) : [];
  // What the verdict stood on may be gone: it is found anew, and not taken to stand on what is left.
  tx.update(artifacts).set({ weakestLinkId: null }).where(eq(artifacts.id, childId)).run();
  for (let i = 0; i < former.length; i += 500) {
    const ids = former.slice(i, i + 500).map(({ id }) => id);
    tx.delete(links).where(inArray(links.id, ids)).run();
  }
  return partners;
}

function resolveInput(tx: Writer, input: StatedInput, place: string, document: LinkDocument, now: number): number {
  const kind = KINDS[input.role];
  const digests = digestAliases(input.role, input.digests);
  const name = input.name ?? input.uri;
  // An input that says nothing at all is still an input: it is known by its place alone.
  const fallback = nameAlias(input, 'declarationId' in document) ?? { scheme: 'name', value: `unnamed input ${place}` };
  const aliases =
    digests.length > 0
      ? digests.map((digest) => ({ ...digest, kind: 'stated' as const }))
      : [{ ...fallback, kind: 'name' as const }];
  const id = resolveMention(tx, { kind, name, aliases, byFile: true }, now);
  if (id === null) throw new Error('An input resolves to an artifact by its place at least.');
  if (digests.length > 0) markStated(tx, digests, id, now);
  return id;
}

/** Leaves word under digests that nobody holds, so that the link is found again when one of them turns up. */
function markStated(tx: Writer, digests: readonly AliasName[], id: number, now: number): void {
  const held = readAliases(tx, digests);
  for (const digest of digests) {
    if (!held.has(keyOf(digest))) putAlias(tx, { ...digest, kind: 'stated' }, id, now);
  }
}
