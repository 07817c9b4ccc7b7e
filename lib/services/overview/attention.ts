import {
  and,
  count,
  desc,
  eq,
  exists,
  gte,
  isNotNull,
  isNull,
  lt,
  max,
  ne,
  notExists,
  type SQL,
  sql,
} from 'drizzle-orm';
import { alias } from 'drizzle-orm/sqlite-core';
import type { OpenDatabase } from '#db/client.ts';
import { eventMatches, events } from '#db/schema/event.ts';
import { findings } from '#db/schema/finding.ts';
import { models } from '#db/schema/model.ts';
import { deliveries, sourceStates } from '#db/schema/source.ts';
import { FINDING_KINDS } from '#lib/provenance/findings.ts';
import { type CertificateAttention, getCertificateAttention } from '#lib/services/certificate/attention.ts';
import { expectedSince } from '#lib/services/expected/since.ts';
import { type GapLine, listGapLines } from '#lib/services/rule/gap-lines.ts';

/** Events of one signer that say the same thing. */
export interface EventGroup {
  readonly san: string | null;
  readonly issuer: string | null;
  readonly count: number;
  readonly latestAt: number;
}

export interface Attention {
  /** Verified signings of own identities that nobody has shown, and nobody declared. */
  readonly unclaimed: readonly EventGroup[];
  /** Verified signings of own identities that nobody declared, where all must be (`expected.alert: unexpected`). */
  readonly unexpected: readonly EventGroup[];
  /** Certificates that name a watched identity without a trusted authority behind them. */
  readonly impersonations: readonly EventGroup[];
  /** Names that look like a watched identity and are another's, but for those that impersonate it besides. */
  readonly lookAlikes: readonly (EventGroup & { readonly rule: string })[];
  /** Entries that cannot be read and hold a watched string. */
  readonly undecided: readonly {
    readonly rule: string;
    readonly value: string;
    readonly count: number;
    readonly latestAt: number;
  }[];
  /** Logs that cover entries which rules of a later day were not held against. */
  readonly ruleGaps: readonly GapLine[];
  /** Open findings of models, the latest of each kind first. */
  readonly findings: readonly FindingLine[];
  /** Polled sources whose last look failed. */
  readonly failingSources: readonly { readonly name: string; readonly error: string; readonly at: number | null }[];
  /** Certificates without an entry, and entries whose certificate no certificate log has. */
  readonly certificates: CertificateAttention;
  readonly refusedFiles: readonly {
    readonly code: string;
    readonly reason: string;
    readonly count: number;
    readonly latestAt: number;
  }[];
}

export interface FindingLine {
  readonly id: string;
  readonly kind: (typeof findings.$inferSelect)['kind'];
  readonly statement: string;
  readonly firstAt: number;
  readonly model: string;
  readonly slug: string;
  readonly versionId: string | null;
}

/** Groups shown of each kind; the filtered lists show all. */
const GROUP_LIMIT = 20;

/** What somebody should look at, grouped so that a thousand alike are one line. */
export async function getAttention(database: OpenDatabase): Promise<Attention> {
  const { db } = database;
  const own = exists(
    db
      .select({ one: sql`1` })
      .from(eventMatches)
      .where(and(eq(eventMatches.eventId, events.id), eq(eventMatches.own, true))),
  );
  const undeclared = and(eq(events.authenticity, 'verified'), isNull(events.expectedBy), own);
  // What was signed before the first declaration could not be declared.
  const since = expectedSince(database);
  const isBefore = since === null ? undefined : lt(events.occurredAt, since);
  return {
    unclaimed: groupBySigner(database, and(eq(events.claim, 'unclaimed'), undeclared, isBefore)),
    unexpected: since === null ? [] : groupBySigner(database, and(undeclared, gte(events.occurredAt, since))),
    impersonations: groupBySigner(database, eq(events.authenticity, 'impersonation')),
    lookAlikes: selectLookAlikes(database),
    undecided: db
      .select({
        rule: eventMatches.rule,
        value: eventMatches.value,
        count: count(),
        latestAt: latest(events.occurredAt),
      })
      .from(eventMatches)
      .innerJoin(events, eq(events.id, eventMatches.eventId))
      .where(and(eq(eventMatches.how, 'bytes'), isNotNull(events.undecided)))
      .groupBy(eventMatches.rule, eventMatches.value)
      .orderBy(desc(max(events.occurredAt)))
      .limit(GROUP_LIMIT)
      .all(),
    ruleGaps: await listGapLines(database),
    findings: selectFindings(database),
    certificates: await getCertificateAttention(database),
    failingSources: db
      .select({ name: sourceStates.name, error: sql<string>`${sourceStates.error}`, at: sourceStates.lastRunAt })
      .from(sourceStates)
      .where(isNotNull(sourceStates.error))
      .orderBy(sourceStates.name)
      .limit(GROUP_LIMIT)
      .all(),
    refusedFiles: db
      .select({
        code: sql<string>`coalesce(${deliveries.reasonCode}, 'refused')`,
        reason: sql<string>`coalesce(max(${deliveries.reason}), '')`,
        count: count(),
        latestAt: latest(deliveries.checkedAt),
      })
      .from(deliveries)
      .where(eq(deliveries.outcome, 'refused'))
      .groupBy(deliveries.reasonCode)
      .orderBy(desc(max(deliveries.checkedAt)))
      .limit(GROUP_LIMIT)
      .all(),
  };
}

/** An own identity that looks like another own one is no alarm. */
function selectLookAlikes({ db }: OpenDatabase): Attention['lookAlikes'] {
  const own = alias(eventMatches, 'own');
  return db
    .select({
      rule: eventMatches.rule,
      san: events.san,
      issuer: events.issuer,
      count: count(),
      latestAt: latest(events.occurredAt),
    })
    .from(eventMatches)
    .innerJoin(events, eq(events.id, eventMatches.eventId))
    .where(
      and(
        eq(eventMatches.how, 'look-alike'),
        ne(events.authenticity, 'impersonation'),
        notExists(
          db
            .select({ one: sql`1` })
            .from(own)
            .where(and(eq(own.eventId, events.id), eq(own.own, true), eq(own.how, 'exact'))),
        ),
      ),
    )
    .groupBy(eventMatches.rule, events.san, events.issuer)
    .orderBy(desc(max(events.occurredAt)))
    .limit(GROUP_LIMIT)
    .all();
}

/** The latest of each kind: one kind that fills the list would hide the others. */
function selectFindings({ db }: OpenDatabase): FindingLine[] {
  return FINDING_KINDS.flatMap((kind) =>
    db
      .select({
        id: findings.id,
        kind: findings.kind,
        statement: findings.statement,
        firstAt: findings.firstAt,
        model: models.name,
        slug: models.slug,
        versionId: findings.versionId,
      })
      .from(findings)
      .innerJoin(models, eq(models.id, findings.modelId))
      .where(and(eq(findings.kind, kind), isNull(findings.resolvedAt)))
      .orderBy(desc(findings.firstAt), desc(findings.id))
      .limit(GROUP_LIMIT)
      .all(),
  );
}

function groupBySigner({ db }: OpenDatabase, condition: SQL | undefined): EventGroup[] {
  return db
    .select({ san: events.san, issuer: events.issuer, count: count(), latestAt: latest(events.occurredAt) })
    .from(events)
    .where(condition)
    .groupBy(events.san, events.issuer)
    .orderBy(desc(max(events.occurredAt)))
    .limit(GROUP_LIMIT)
    .all();
}

function latest(column: typeof events.occurredAt | typeof deliveries.checkedAt): SQL<number> {
  return sql<number>`max(${column})`;
}
