import type { OpenDatabase } from '#db/client.ts';
import { stableId } from '#lib/ids.ts';
import type { AliasName } from '#lib/provenance/input-name.ts';
import { SIGNATURE } from '#lib/provenance/state.ts';
import { isSearchable } from '#lib/services/event/filter.ts';
import { listEvents } from '#lib/services/event/list.ts';
import { findArtifact } from '#lib/services/graph/find-artifact.ts';
import { type ArtifactDetails, getArtifact } from '#lib/services/graph/get-artifact.ts';
import { describeBundle, describeEvent } from './describe.ts';
import type { KnownThing } from './known-thing.ts';

/** Events told of for one digest; the page of the events has all. */
const EVENTS = 20;
/** By these an entry or a bundle is known; the search itself sees no algorithm. */
const SEARCHED = new Set(['sha256', 'sha384', 'sha512', 'git']);
/** Versions told of for one artifact. */
const VERSIONS = 20;

/** What is known under any of these digests, each thing once. Digests in lowercase hex. */
export async function findByDigest(database: OpenDatabase, names: readonly AliasName[]): Promise<KnownThing[]> {
  const found = new Map<string, KnownThing>();
  const add = (things: readonly KnownThing[]) => {
    for (const thing of things) found.set(`${thing.kind} ${thing.page}`, thing);
  };
  for (const name of names) {
    const artifactId = await findArtifact(database, name);
    const artifact = artifactId === null ? null : await getArtifact(database, artifactId);
    if (artifact) add(describeArtifact(artifact, name));
  }
  for (const { scheme, value } of names) {
    if (!SEARCHED.has(scheme)) continue;
    const bundle = await describeBundle(database, stableId('bundle', value));
    if (bundle) add([bundle]);
    if (!isSearchable(value)) continue;
    const { events } = await listEvents(database, { filter: { search: value }, limit: EVENTS });
    add(events.map(describeEvent));
  }
  return [...found.values()];
}

function describeArtifact({ node, aliases, versions }: ArtifactDetails, asked: AliasName): KnownThing[] {
  const { scheme, value, kind, name, signature, signatureReason, signer } = node;
  const alias = aliases.find((one) => one.scheme === asked.scheme && one.value === asked.value);
  const artifact: KnownThing = {
    kind: 'artifact',
    name: name ?? `${scheme}:${value}`,
    state: SIGNATURE[signature].word,
    page: `/artifacts/${encodeURIComponent(scheme)}/${encodeURIComponent(value)}`,
    facts: {
      'what it is': kind,
      digest: `${scheme}:${value}`,
      'found as': alias ? `its ${alias.kind}` : 'one of its files',
      signature: signatureReason,
      ...(signer ? { signer: signer.san } : {}),
    },
  };
  const known = versions.slice(0, VERSIONS).map(
    ({ id, root, label, slug, name }): KnownThing => ({
      kind: 'version',
      name: label === null ? name : `${name} ${label}`,
      state: SIGNATURE[signature].word,
      page: `/models/${slug}?version=${encodeURIComponent(id)}`,
      facts: { id, model: name, root: `sha256:${root}` },
    }),
  );
  return [artifact, ...known];
}
