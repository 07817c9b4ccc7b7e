import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { artifacts, links } from '#db/schema/artifact.ts';
import { bundles } from '#db/schema/bundle.ts';
import { inputLabel } from '#lib/provenance/chain-words.ts';
import type { SignerPolicies } from '#lib/provenance/expected-signer.ts';
import { judgeLink, LOOP_REASON } from '#lib/provenance/judge-link.ts';
import type { LinkState } from '#lib/provenance/link-state.ts';
import { isAttesterOf } from '#lib/provenance/own-signature.ts';
import { isAsserted, keyOf, readAliases } from './alias.ts';
import { inBatches } from './batch.ts';
import { readBuildTimes } from './build-times.ts';
import { readCertifiedCode } from './certified-code.ts';
import { matchDeclared, type Placed } from './match-declared.ts';
import { readOwnEvents } from './own-events.ts';
import { readSignatures } from './read-signatures.ts';
import { type LinkRow, linkAliases, type Statement, type WeighedLink } from './stored-link.ts';
import { UNSETTLED } from './unsettled.ts';

const STATEMENT = {
  method: bundles.method,
  san: bundles.san,
  issuer: bundles.issuer,
  signedAt: bundles.signedAt,
  eventId: bundles.eventId,
  state: bundles.state,
};

/** What judging links came to. */
export interface JudgedLinks {
  /** Children whose links may be others now. */
  readonly children: ReadonlySet<number>;
  /** Of those, the ones that have other inputs now, by documents whose word can close loops. */
  readonly rewired: ReadonlySet<number>;
  /** What links were before that are something else now. */
  readonly formerStates: ReadonlyMap<number, LinkState>;
  /** Links that are new, or have another state, reason or parent now. */
  readonly changed: ReadonlySet<number>;
}

/** Judges every link from these children anew, loops aside: whose word it is, which input is meant, and its state. */
export function judgeInputs(
  tx: Writer,
  childIds: readonly number[],
  policies: SignerPolicies,
  now: number,
): JudgedLinks {
  const read = inBatches((ids) =>
    tx
      .select({ link: links, statement: STATEMENT })
      .from(links)
      .leftJoin(bundles, eq(bundles.id, links.bundleId))
      .where(inArray(links.childId, ids))
      .prepare(),
  );
  const rows = read(childIds);
  const weighed = weigh(tx, rows, policies);
  const placed = matchDeclared(tx, weighed, now);
  const outcome = judge(tx, placed, policies);
  const rewired = placed.filter(
    ({ link, basis, former }) =>
      basis !== 'outsider' &&
      (former.reason === UNSETTLED ||
        former.reason === LOOP_REASON ||
        former.parentId !== link.parentId ||
        former.basis === 'outsider'),
  );
  return { children: new Set(childIds), rewired: new Set(rewired.map(({ link }) => link.childId)), ...outcome };
}

/** Judges links to these parents anew where a verified statement that counts names them: only the parents are others now. */
export function judgeDependants(tx: Writer, parentIds: readonly number[], policies: SignerPolicies): JudgedLinks {
  const read = inBatches((ids) =>
    tx
      .select({ link: links, statement: STATEMENT })
      .from(links)
      .innerJoin(bundles, eq(bundles.id, links.bundleId))
      .where(and(inArray(links.parentId, ids), eq(links.basis, 'attester')))
      .prepare(),
  );
  const placed = read(parentIds).map(
    ({ link, statement }): Placed => ({
      link,
      statement,
      basis: 'attester',
      former: link,
      signedInstead: null,
      isLoop: link.reason === LOOP_REASON,
    }),
  );
  const outcome = judge(tx, placed, policies);
  return { children: new Set(placed.map(({ link }) => link.childId)), rewired: new Set(), ...outcome };
}

function weigh(
  tx: Writer,
  rows: readonly { link: LinkRow; statement: Statement | null }[],
  policies: SignerPolicies,
): WeighedLink[] {
  const signedChildren = [...new Set(rows.flatMap(({ link }) => (link.bundleId === null ? [] : [link.childId])))];
  const artifacts = readSignatures(tx, signedChildren);
  const own = readOwnEvents(
    tx,
    rows.flatMap(({ statement }) => statement?.eventId ?? []),
  );
  return rows.map(({ link, statement }) => {
    if (link.bundleId === null || statement === null) return { link, statement: null, basis: 'declaration' };
    const artifact = artifacts.get(link.childId);
    const isOwn = statement.eventId !== null && own.has(statement.eventId);
    const counts =
      statement.state === 'verified' && artifact !== undefined && isAttesterOf(artifact, statement, isOwn, policies);
    return { link, statement, basis: counts ? 'attester' : 'outsider' };
  });
}

function judge(
  tx: Writer,
  placed: readonly Placed[],
  policies: SignerPolicies,
): Pick<JudgedLinks, 'formerStates' | 'changed'> {
  const formerStates = new Map<number, LinkState>();
  const changed = new Set<number>();
  const parents = readParents(tx, placed, policies);
  const isTwo = readDoubles(tx, placed);
  const certified = readCertifiedCode(tx, placed);
  const update = tx
    .update(links)
    .set({
      state: sql`${sql.placeholder('state')}`,
      reason: sql`${sql.placeholder('reason')}`,
      basis: sql`${sql.placeholder('basis')}`,
      parentId: sql`${sql.placeholder('parentId')}`,
    })
    .where(eq(links.id, sql.placeholder('id')))
    .prepare();
  for (const { link, statement, basis, former, signedInstead, isLoop } of placed) {
    const parent = parents.get(link.parentId);
    if (!parent) continue;
    const { san, issuer } = statement ?? { san: null, issuer: null };
    const { state, reason } = judgeLink({
      role: link.role,
      basis,
      by: san === null ? null : { san, issuer },
      statedAt: statement?.signedAt ?? null,
      isPinned: linkAliases(link).length > 0,
      parent: { ...parent, label: inputLabel([link.name, parent.name, link.uri, linkAliases(link)[0]?.value ?? null]) },
      namesTwo: isTwo.has(link.id),
      isLoop,
      signedInstead,
      certified: certified.get(link.id) ?? null,
    });
    const isSame = state === former.state && reason === former.reason && basis === former.basis;
    if (isSame && link.parentId === former.parentId) continue;
    update.run({ state, reason, basis, parentId: link.parentId, id: link.id });
    changed.add(link.id);
    if (state !== former.state) formerStates.set(link.id, former.state);
  }
  return { formerStates, changed };
}

function readParents(tx: Writer, placed: readonly Placed[], policies: SignerPolicies) {
  const ids = [...new Set(placed.map(({ link }) => link.parentId))];
  const read = inBatches((keys) =>
    tx
      .select({
        id: artifacts.id,
        name: artifacts.name,
        signature: artifacts.signature,
        signatureReason: artifacts.signatureReason,
        signedAt: artifacts.signedAt,
      })
      .from(artifacts)
      .where(inArray(artifacts.id, keys))
      .prepare(),
  );
  const times = readBuildTimes(tx, ids, policies);
  return new Map(read(ids).map((row) => [row.id, { ...row, builtAt: times.get(row.id) ?? null }]));
}

/** Links whose digests name another thing than the one they are resolved to. */
function readDoubles(tx: Writer, placed: readonly Placed[]): Set<number> {
  const several = placed
    .map(({ link }) => ({ link, aliases: linkAliases(link) }))
    .filter(({ aliases }) => aliases.length > 1);
  const held = readAliases(
    tx,
    several.flatMap(({ aliases }) => aliases),
  );
  const doubles = several.filter(({ link, aliases }) =>
    aliases.some((alias) => {
      const holder = held.get(keyOf(alias));
      return holder !== undefined && isAsserted(holder) && holder.artifactId !== link.parentId;
    }),
  );
  return new Set(doubles.map(({ link }) => link.id));
}
