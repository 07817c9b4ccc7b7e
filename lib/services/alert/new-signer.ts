import { and, eq, gte, lt, type SQL, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { preparedIn } from '#db/prepared.ts';
import { eventMatches, events } from '#db/schema/event.ts';
import { signerOf, workflowsOf } from '#lib/provenance/signer.ts';
import { type AlertEvent, eventAlert, inTitle } from './event-alert.ts';
import type { AlertInput } from './raise.ts';

type Signing = AlertEvent & Pick<typeof events.$inferSelect, 'row' | 'authenticity'>;

/**
 * What was found of the rules, issuers and signers of one round. What was met before one event was met before the next, as
 * they are gone through in their order: it is looked for once.
 */
export type SignersMet = Set<string>;

/**
 * What is new about who signed, where a rule about own identities was met before: an issuer that it never had, or another
 * workflow of a repository of which workflows signed. The first event of a rule says nothing of either.
 */
export function newIssuerOrWorkflow(tx: Writer, event: Signing, met: SignersMet, now: number): AlertInput[] {
  const { san, issuer, row, authenticity } = event;
  if (authenticity !== 'verified' || san === null) return [];
  const wasMet = (key: readonly string[], find: () => object | undefined) => {
    const name = JSON.stringify(key);
    if (!met.has(name) && find() !== undefined) met.add(name);
    return met.has(name);
  };
  for (const { rule, own, how } of event.matches) {
    if (!own || how !== 'exact' || !wasMet([rule], () => anyBefore(tx).get({ rule, row }))) continue;
    if (issuer !== null && !wasMet([rule, 'issuer', issuer], () => issuerBefore(tx).get({ rule, row, issuer }))) {
      const known = anyBefore(tx).get({ rule, row });
      const subject = JSON.stringify([rule, san, issuer]);
      const title = `${inTitle(san)} signed through ${inTitle(issuer, 60)}, which is new to the rule ${inTitle(rule, 40)}`;
      const more = { 'issuer before': known?.issuer ?? 'none' };
      return [eventAlert('unexpected-issuer', event, { subject, title, more }, now)];
    }
    const signer = signerOf(san);
    const workflows = workflowsOf(san);
    if (signer === null || workflows === null) continue;
    // The same workflow, whatever its branch or tag: `…/release.yml@refs/…`.
    const isKnown = () =>
      rangeBefore(tx).get({ rule, row, from: `${signer}@`, to: `${signer}A` }) ??
      signerBefore(tx).get({ rule, row, san: signer });
    if (wasMet([rule, 'signer', signer], isKnown)) continue;
    const other = rangeBefore(tx).get({ rule, row, from: workflows, to: `${workflows}${LAST}` });
    if (!other) continue;
    const subject = JSON.stringify([rule, signer, issuer]);
    const title = `${inTitle(signer)} signed, which never signed by the rule ${inTitle(rule, 40)} before`;
    const more = { 'workflow before': other.san ?? '' };
    return [eventAlert('unexpected-workflow', event, { subject, title, more }, now)];
  }
  return [];
}

/** No text in UTF-8 comes after it. */
const LAST = '\u{10ffff}';

const anyBefore = preparedIn((tx) => before(tx).limit(1).prepare());
const issuerBefore = preparedIn((tx) =>
  before(tx, eq(events.issuer, sql.placeholder('issuer')))
    .limit(1)
    .prepare(),
);
const rangeBefore = preparedIn((tx) =>
  before(tx, and(gte(events.san, sql.placeholder('from')), lt(events.san, sql.placeholder('to'))))
    .limit(1)
    .prepare(),
);
const signerBefore = preparedIn((tx) =>
  before(tx, eq(events.san, sql.placeholder('san')))
    .limit(1)
    .prepare(),
);

/** Verified events that a rule met before a row. */
function before(tx: Writer, condition?: SQL) {
  return tx
    .select({ san: events.san, issuer: events.issuer })
    .from(events)
    .innerJoin(eventMatches, and(eq(eventMatches.eventId, events.id), eq(eventMatches.rule, sql.placeholder('rule'))))
    .where(
      and(
        lt(events.row, sql.placeholder('row')),
        eq(events.authenticity, 'verified'),
        eq(eventMatches.how, 'exact'),
        condition,
      ),
    )
    .$dynamic();
}
