import { asc, eq, inArray } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
import { artifactAliases, artifacts, links } from '#db/schema/artifact.ts';
import type { VersionInput } from '#lib/provenance/input-diff.ts';
import { LINK_STATES } from '#lib/provenance/link-state.ts';

/** Direct inputs that are compared; nobody reads more of them side by side. */
const INPUT_LIMIT = 2000;
const CHUNK = 500;

/** The direct inputs of an artifact, one a thing and role: a conflict where one statement conflicts, else the strongest. */
export function readVersionInputs(db: Db, artifactId: number): VersionInput[] {
  const rows = db
    .select({ parentId: links.parentId, role: links.role, state: links.state, said: links.name, name: artifacts.name })
    .from(links)
    .innerJoin(artifacts, eq(artifacts.id, links.parentId))
    .where(eq(links.childId, artifactId))
    .orderBy(asc(links.id))
    .limit(INPUT_LIMIT)
    .all();
  const groups = Map.groupBy(rows, ({ parentId, role }) => `${parentId} ${role}`);
  const names = readNames(db, [...new Set(rows.map(({ parentId }) => parentId))]);
  return [...groups.values()].flatMap((group): VersionInput[] => {
    const [first] = group;
    const alias = first && names.get(first.parentId);
    if (!first || !alias) return [];
    const states = group.map(({ state }) => state);
    const state = states.includes('conflict') ? 'conflict' : LINK_STATES.find((one) => states.includes(one));
    const name = first.name ?? group.find(({ said }) => said !== null)?.said ?? null;
    return state === undefined ? [] : [{ artifactId: first.parentId, role: first.role, name, ...alias, state }];
  });
}

/** A digest rather than a name, and the one known first. */
function readNames(db: Db, ids: readonly number[]): Map<number, { scheme: string; value: string }> {
  const names = new Map<number, { scheme: string; value: string }>();
  for (let i = 0; i < ids.length; i += CHUNK) {
    const rows = db
      .select({ id: artifactAliases.artifactId, scheme: artifactAliases.scheme, value: artifactAliases.value })
      .from(artifactAliases)
      .where(inArray(artifactAliases.artifactId, ids.slice(i, i + CHUNK)))
      .orderBy(asc(artifactAliases.firstSeenAt), asc(artifactAliases.value))
      .all();
    for (const { id, scheme, value } of rows) {
      const known = names.get(id);
      const isBetter = known !== undefined && isName(known.scheme) && !isName(scheme);
      if (!known || isBetter) names.set(id, { scheme, value });
    }
  }
  return names;
}

function isName(scheme: string): boolean {
  return scheme === 'name' || scheme === 'hf';
}
