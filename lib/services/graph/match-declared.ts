import { inArray } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { artifacts } from '#db/schema/artifact.ts';
import type { InputRole } from '#lib/attestation/facts.ts';
import { inputLabel } from '#lib/provenance/chain-words.ts';
import { nameAlias, shareName } from '#lib/provenance/input-name.ts';
import { groupBy, inBatches } from './batch.ts';
import { readModelNames } from './read-signatures.ts';
import { resolveMention } from './resolve.ts';
import { type LinkRow, linkAliases, type WeighedLink } from './stored-link.ts';

/** A weighed link with the input it is held to mean. */
export interface Placed extends WeighedLink {
  /** As it was stored. */
  readonly former: LinkRow;
  /** What signed provenance names in its role, where that is something else. */
  readonly signedInstead: string | null;
  /** Whether it is known to lie on a loop; where inputs are others now, that is found out afterwards. */
  readonly isLoop: boolean;
}

/** Roles in which a model has one answer: a declared one that is not among the signed ones contradicts them. */
const BASES: ReadonlySet<InputRole> = new Set(['base-model', 'quantised-from', 'merged-from']);

/**
 * Holds what unsigned files declare against what signed provenance of the same child names in the same role. A name that
 * agrees means the signed input, and is one more statement of it; a base that does not is a contradiction.
 */
export function matchDeclared(tx: Writer, weighed: readonly WeighedLink[], now: number): Placed[] {
  const byChild = groupBy(weighed, ({ link }) => link.childId);
  const withBoth = [...byChild.values()].filter(
    (list) => list.some(({ basis }) => basis === 'attester') && list.some(({ basis }) => basis === 'declaration'),
  );
  const names = readNames(
    tx,
    withBoth.flat().map(({ link }) => link.parentId),
  );
  return [...byChild.values()].flatMap((list) =>
    list.map((weighedLink) => {
      const { link, basis } = weighedLink;
      const place = { ...weighedLink, former: link, signedInstead: null, isLoop: false };
      if (basis !== 'declaration') return place;
      const signed = list.filter((other) => other.basis === 'attester' && other.link.role === link.role);
      return placeDeclared(
        tx,
        place,
        signed.map((other) => other.link),
        names,
        now,
      );
    }),
  );
}

function placeDeclared(
  tx: Writer,
  place: Placed,
  signed: readonly LinkRow[],
  names: ReadonlyMap<number, readonly (string | null)[]>,
  now: number,
): Placed {
  const { link } = place;
  const isNamed = linkAliases(link).length === 0;
  const namesOf = (other: LinkRow) => [other.name, other.uri, ...(names.get(other.parentId) ?? [])];
  const same = signed.find((other) =>
    isNamed ? shareName([link.name, link.uri], namesOf(other)) : other.parentId === link.parentId,
  );
  if (same) return { ...place, link: { ...link, parentId: same.parentId } };
  const parentId = isNamed ? resolveByName(tx, link, now) : link.parentId;
  const [first] = signed;
  const signedInstead = first && BASES.has(link.role) ? inputLabel(namesOf(first)) : null;
  return { ...place, link: { ...link, parentId }, signedInstead };
}

/** Back to the mere name, where a signed input that it agreed with is gone. */
function resolveByName(tx: Writer, link: LinkRow, now: number): number {
  const alias = nameAlias(link, true);
  if (alias === null) return link.parentId;
  const kind = link.role === 'dataset' ? 'dataset' : 'model';
  const mention = { kind, name: link.name ?? link.uri, aliases: [{ ...alias, kind: 'name' }], byFile: false } as const;
  return resolveMention(tx, mention, now) ?? link.parentId;
}

function readNames(tx: Writer, artifactIds: readonly number[]): Map<number, (string | null)[]> {
  const read = inBatches((ids) =>
    tx.select({ id: artifacts.id, name: artifacts.name }).from(artifacts).where(inArray(artifacts.id, ids)).prepare(),
  );
  const models = readModelNames(tx, artifactIds);
  return new Map(read(artifactIds).map(({ id, name }) => [id, [name, ...(models.get(id) ?? [])]]));
}
