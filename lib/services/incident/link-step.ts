import type Database from 'better-sqlite3';
import { asc, eq, sql } from 'drizzle-orm';
import { preparedOnce } from '#db/prepared.ts';
import { artifacts, links } from '#db/schema/artifact.ts';
import { bundles } from '#db/schema/bundle.ts';
import type { InputRole } from '#lib/attestation/facts.ts';
import { inputLabel, ROLE_WORDS } from '#lib/provenance/chain-words.ts';
import { LINK_STATES, type LinkState } from '#lib/provenance/link-state.ts';
import type { PathStep } from '#lib/provenance/scope.ts';
import { describeSigner } from '#lib/provenance/signer.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';

const ID = sql.placeholder('id');
const MAX_SIGNER = 240;

const linksInto = preparedOnce((db) =>
  db
    .select({
      id: links.id,
      childId: links.childId,
      parentId: links.parentId,
      role: links.role,
      basis: links.basis,
      state: links.state,
      reason: links.reason,
      bundleId: links.bundleId,
      declarationId: links.declarationId,
    })
    .from(links)
    .where(eq(links.childId, ID))
    .orderBy(asc(links.parentId), asc(links.id))
    .prepare(),
);

const nameOf = preparedOnce((db) =>
  db.select({ name: artifacts.name }).from(artifacts).where(eq(artifacts.id, ID)).prepare(),
);

const statementOf = preparedOnce((db) =>
  db
    .select({ san: bundles.san, issuer: bundles.issuer, eventId: bundles.eventId })
    .from(bundles)
    .where(eq(bundles.id, ID))
    .prepare(),
);

/** A link as far as a path needs it. */
export interface PathLink {
  readonly id: number;
  readonly childId: number;
  readonly parentId: number;
  readonly role: InputRole;
  readonly basis: 'attester' | 'outsider' | 'declaration';
  readonly state: LinkState;
  readonly reason: string;
  readonly bundleId: string | null;
  readonly declarationId: number | null;
}

/** Whether a link proves that its child is made of its parent: what `SPREADS` (db/schema/artifact.ts) says in SQL. */
export function isProof({ basis, state }: Pick<PathLink, 'basis' | 'state'>): boolean {
  return basis === 'attester' && state !== 'declared' && state !== 'conflict';
}

/** Of the links to an artifact's inputs that `accept` takes, the surest; of equals that of the input, then the link, known first. */
export function surestLink(
  sqlite: Database.Database,
  childId: number,
  accept: (link: PathLink) => boolean,
): PathLink | null {
  const order = (link: PathLink) => (isProof(link) ? 0 : LINK_STATES.length) + LINK_STATES.indexOf(link.state);
  let best: PathLink | null = null;
  for (const link of linksInto(sqlite).all({ id: childId })) {
    if (accept(link) && (best === null || order(link) < order(best))) best = link;
  }
  return best;
}

/** The step along a link, to its child: who states it, and what is known of it. */
export function stepAlong(sqlite: Database.Database, link: PathLink): PathStep {
  const { id, childId, parentId, state, bundleId, declarationId } = link;
  const label = (artifactId: number) => inputLabel([nameOf(sqlite).get({ id: artifactId })?.name ?? null]);
  const said = `${label(childId)} has ${label(parentId)} as ${ROLE_WORDS[link.role]}`;
  if (bundleId === null) {
    const because = `An unsigned file declares that ${said}. ${link.reason}`;
    return { artifactId: childId, linkId: id, state, proofs: [`declaration ${declarationId}`], because };
  }
  const statement = statementOf(sqlite).get({ id: bundleId });
  const signer = statement?.san == null ? null : describeSigner({ san: statement.san, issuer: statement.issuer });
  const who = signer === null ? 'A signed statement' : elideMiddle(showText(signer), MAX_SIGNER);
  const proofs = [bundleId, ...(statement?.eventId == null ? [] : [statement.eventId])];
  return { artifactId: childId, linkId: id, state, proofs, because: `${who} states that ${said}. ${link.reason}` };
}

/** What to call an artifact in a sentence: safe to show. */
export function labelOf(sqlite: Database.Database, artifactId: number): string {
  return inputLabel([nameOf(sqlite).get({ id: artifactId })?.name ?? null]);
}
