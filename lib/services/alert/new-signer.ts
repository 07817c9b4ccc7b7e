import { and, eq, gte, lt, ne, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { eventMatches, events } from '#db/schema/event.ts';
import { isSameRepository, signerOf } from '#lib/provenance/signer.ts';
import { type AlertEvent, eventAlert, inTitle } from './event-alert.ts';
import type { AlertInput } from './raise.ts';

type Signing = AlertEvent & Pick<typeof events.$inferSelect, 'row' | 'authenticity'>;

/** Rows of a rule that are looked at for a workflow of the same repository. */
const MOST = 200;

/**
 * What is new about who signed, where a rule about own identities was met before: an issuer that it never had, or another
 * workflow of a repository of which workflows signed. The first event of a rule says nothing of either.
 */
export function newIssuerOrWorkflow(tx: Writer, event: Signing, now: number): AlertInput[] {
  const { san, issuer, authenticity } = event;
  if (authenticity !== 'verified' || san === null) return [];
  for (const { rule, own, how } of event.matches) {
    if (!own || how !== 'exact') continue;
    const earlier = before(tx, rule, event.row);
    const [known] = earlier().limit(1).all();
    if (!known) continue;
    if (issuer !== null && earlier(eq(events.issuer, issuer)).limit(1).all().length === 0) {
      const subject = JSON.stringify([rule, san, issuer]);
      const title = `${inTitle(san)} signed through ${inTitle(issuer, 60)}, which is new to the rule ${inTitle(rule, 40)}`;
      return [
        eventAlert(
          'unexpected-issuer',
          event,
          { subject, title, more: { 'issuer before': known.issuer ?? 'none' } },
          now,
        ),
      ];
    }
    const workflow = newWorkflow(tx, event, rule, now);
    if (workflow) return [workflow];
  }
  return [];
}

function newWorkflow(tx: Writer, event: Signing, rule: string, now: number): AlertInput | null {
  const { san } = event;
  const signer = signerOf(san);
  if (san === null || signer === null || !isSameRepository(san, san)) return null;
  const earlier = before(tx, rule, event.row);
  // The same workflow, whatever its branch or tag: `…/release.yml@refs/…`.
  const isSame = and(gte(events.san, `${signer}@`), lt(events.san, `${signer}A`));
  if (earlier(isSame).limit(1).all().length > 0 || earlier(eq(events.san, signer)).limit(1).all().length > 0)
    return null;
  const other = earlier(ne(events.san, san))
    .groupBy(events.san)
    .limit(MOST)
    .all()
    .find((row) => isSameRepository(row.san, san));
  if (!other) return null;
  const subject = JSON.stringify([rule, signer, event.issuer]);
  const title = `${inTitle(signer)} signed, which never signed by the rule ${inTitle(rule, 40)} before`;
  return eventAlert(
    'unexpected-workflow',
    event,
    { subject, title, more: { 'workflow before': other.san ?? '' } },
    now,
  );
}

/** Verified events that a rule met before a row. */
function before(tx: Writer, rule: string, row: number) {
  return (condition = sql`1`) =>
    tx
      .select({ san: events.san, issuer: events.issuer })
      .from(events)
      .innerJoin(eventMatches, and(eq(eventMatches.eventId, events.id), eq(eventMatches.rule, rule)))
      .where(and(lt(events.row, row), eq(events.authenticity, 'verified'), eq(eventMatches.how, 'exact'), condition))
      .$dynamic();
}
