import { desc, eq, isNull } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { publicationChanges, publications } from '#db/schema/sharing.ts';
import type { SignerPolicies } from '#lib/provenance/expected-signer.ts';
import { versionKey } from '#lib/provenance/public-slug.ts';
import { PUBLIC } from '#lib/provenance/public-state.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import { policiesInForce } from '#lib/services/config/policies-in-force.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { readStanding, type Standing } from './standing.ts';
import type { Target } from './target.ts';
import { versionsOfTarget } from './versions-of-target.ts';

interface Published extends Target {
  readonly id: string;
  readonly publishedAt: number;
}

/** Versions of one model that are looked at for news. Older ones than these keep what was told of them. */
const NEWEST = 200;

/**
 * Writes down what changed about everything that is public since it was last looked at: new versions, states, notices,
 * retractions. Each is told once. To be called now and then; nothing is written where nothing changed.
 *
 * @returns how many changes were written.
 */
export function recordChanges(ctx: ServiceContext): number {
  const { db } = ctx.database;
  const policies = policiesInForce(ctx.database);
  const all = db.select().from(publications).where(isNull(publications.withdrawnAt)).all();
  return all.reduce(
    (count, publication) =>
      count + db.transaction((tx) => recordChangesOf(tx, publication, policies, ctx.now()), { behavior: 'immediate' }),
    0,
  );
}

/** The same for one publication, in a transaction under way. What was there when it was published is not news. */
export function recordChangesOf(
  tx: Writer,
  { id, kind, targetId, publishedAt }: Published,
  policies: SignerPolicies,
  at: number,
): number {
  const target = versionsOfTarget(tx, { kind, targetId });
  if (!target) return 0;
  const known = knownKeys(tx, id);
  const told = lastTold(known);
  let count = 0;
  const tell = (change: Pick<typeof publicationChanges.$inferInsert, 'kind' | 'statement' | 'key'>) => {
    count += tx
      .insert(publicationChanges)
      .values({ publicationId: id, at, ...change })
      .onConflictDoNothing()
      .run().changes;
  };
  const isFirst = !known.includes(`published:${publishedAt}`);
  if (isFirst) tell({ kind: 'published', statement: 'The page was published.', key: `published:${publishedAt}` });
  for (const version of target.all.slice(0, NEWEST)) {
    const standing = readStanding(tx, version.id, policies);
    if (!standing) continue;
    const key = `${version.id}:${standing.state}`;
    const before = told.get(version.id);
    const name = nameOf(standing);
    if (before === undefined) {
      const statement = isFirst
        ? `${name} was there when the page was published: ${PUBLIC[standing.state].word}.`
        : `${name} is new: ${PUBLIC[standing.state].word}.`;
      tell({ kind: 'version', statement, key: `version:0:${key}` });
    } else if (before.state !== standing.state) {
      tell({
        kind: standing.state === 'retracted' ? 'retraction' : 'state',
        statement: `${name} was ${wordOf(before.state)}, and is now ${PUBLIC[standing.state].word}.`,
        key: `state:${before.count + 1}:${key}`,
      });
    }
    for (const notice of standing.notices) {
      // Without words for the public it is nobody's news; what it refuses is a change of state already.
      if (notice.publicWording === null || notice.publicAt === null) continue;
      const statement = `A notice about ${lowerFirst(name)} was published or changed.`;
      tell({ kind: 'notice', statement, key: `notice:${notice.incidentId}:${version.id}:${notice.publicAt}` });
    }
  }
  return count;
}

function knownKeys(tx: Writer, publicationId: string): readonly string[] {
  return tx
    .select({ key: publicationChanges.key })
    .from(publicationChanges)
    .where(eq(publicationChanges.publicationId, publicationId))
    .orderBy(desc(publicationChanges.id))
    .all()
    .map(({ key }) => key);
}

/** What was last said of the state of each version, and how often it had changed then. */
function lastTold(newestFirst: readonly string[]): Map<string, { readonly count: number; readonly state: string }> {
  const told = new Map<string, { readonly count: number; readonly state: string }>();
  for (const key of newestFirst) {
    const [, count, versionId, state] = /^(?:version|state):(\d+):([^:]+):([^:]+)$/.exec(key) ?? [];
    if (versionId === undefined || state === undefined || told.has(versionId)) continue;
    told.set(versionId, { count: Number(count), state });
  }
  return told;
}

/** A label is a claim of a stranger's; a root is nobody's. Neither is hidden by any choice of parts. */
function nameOf({ label, root }: Standing): string {
  return label === null ? `Version ${versionKey(root)}…` : `Version ${elideMiddle(showText(label), 60)}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function wordOf(state: string): string {
  return Object.entries(PUBLIC).find(([name]) => name === state)?.[1].word ?? state;
}
