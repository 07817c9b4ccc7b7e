import { and, desc, eq, gte, isNull, lt, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { preparedIn } from '#db/prepared.ts';
import { alerts } from '#db/schema/alert.ts';
import { findings } from '#db/schema/finding.ts';
import { models } from '#db/schema/model.ts';
import type { AlertKind, AlertSeverity } from '#lib/provenance/alert-kind.ts';
import { ALERT } from '#lib/provenance/alert-words.ts';
import { FINDING } from '#lib/provenance/finding-words.ts';
import type { FindingKind } from '#lib/provenance/findings.ts';
import { inTitle } from './event-alert.ts';
import { type AlertInput, alertId, raiseAlert } from './raise.ts';
import { type RoundPlaces, SLICE } from './round-places.ts';
import { STANDING, settleAlerts } from './settle.ts';

/** Findings looked at first in every round. */
const NEWEST = 200;
const ROW = sql<number>`${findings}.rowid`;

/** What each finding is as an alert, and how grave where that differs from its kind. */
const ALERT_OF: Readonly<Record<FindingKind, { readonly kind: AlertKind; readonly severity?: AlertSeverity }>> = {
  'unexpected-signer': { kind: 'unexpected-signer' },
  'changed-signer': { kind: 'unexpected-signer', severity: 'medium' },
  'changed-workflow': { kind: 'unexpected-workflow' },
  'lost-provenance': { kind: 'lost-provenance' },
  'partial-provenance': { kind: 'lost-provenance', severity: 'low' },
  'unsigned-version': { kind: 'lost-provenance' },
  'broken-link': { kind: 'broken-link' },
  'field-conflict': { kind: 'field-conflict' },
  'registered-mismatch': { kind: 'hash-mismatch' },
  'hash-mismatch': { kind: 'hash-mismatch' },
};

/** The kind of alert that a finding is, in SQL: one place of an index to look at for each. */
const KIND_OF_FINDING = sql`CASE ${findings.kind} ${sql.join(
  Object.entries(ALERT_OF).map(([finding, { kind }]) => sql`WHEN ${finding} THEN ${kind}`),
  sql` `,
)} END`;

/**
 * Raises open findings of models that are no standing alert: the newest, and those of the next slice of all, as one that was
 * resolved may be open again. Findings are read and alerts written in one transaction.
 *
 * @returns whether there may be more.
 */
export function raiseFromFindings(tx: Writer, places: RoundPlaces, now: number): boolean {
  const newest = findingsBefore(tx).all({ row: Number.MAX_SAFE_INTEGER, limit: NEWEST });
  const place = Number(places.get('findings') ?? newest.at(-1)?.row ?? 0);
  const slice = findingsBefore(tx).all({ row: place, limit: SLICE });
  const last = slice.at(-1);
  if (last && slice.length === SLICE) places.set('findings', last.row);
  else places.delete('findings');
  const ids = [...newest, ...slice].filter(({ isStanding }) => isStanding === 0).map(({ id }) => id);
  const open = ids.flatMap((id) => findingById(tx).get({ id }) ?? []);
  for (const finding of open) {
    const { kind, severity } = ALERT_OF[finding.kind];
    raiseAlert(tx, findingAlert(finding, kind, severity ?? ALERT[kind].severity, now));
  }
  const broken = open.filter(({ kind }) => ALERT_OF[kind].kind === 'broken-link');
  settleAlerts(
    tx,
    broken.map(({ id }) => alertId('mended-link', id)),
    now,
  );
  // Where a whole slice is well, the next one is for the next round.
  return open.length > 0 && places.has('findings');
}

/** Findings that are open, the one stored last first, and whether an alert of each stands. */
const findingsBefore = preparedIn((tx) => {
  const standing = tx
    .select({ one: sql`1` })
    .from(alerts)
    .where(and(eq(alerts.kind, KIND_OF_FINDING), eq(alerts.subject, findings.id), STANDING));
  return tx
    .select({ id: findings.id, row: ROW, isStanding: sql<number>`EXISTS ${standing}` })
    .from(findings)
    .where(and(isNull(findings.resolvedAt), lt(ROW, sql.placeholder('row'))))
    .orderBy(desc(ROW))
    .limit(sql.placeholder('limit'))
    .prepare();
});

const findingById = preparedIn((tx) =>
  selectFindings(tx)
    .where(eq(findings.id, sql.placeholder('id')))
    .prepare(),
);

/**
 * Settles the alerts of findings that were resolved; a broken link that was mended is told of as such.
 *
 * @param since findings that were resolved before are passed over.
 */
export function settleFindingAlerts(tx: Writer, since: number, now: number): void {
  const standing = tx
    .select({ id: alerts.id, kind: alerts.kind, subject: alerts.subject })
    // A cross join keeps its order: from the few that were resolved to their alerts.
    .from(findings)
    .crossJoin(alerts)
    .where(
      and(gte(findings.resolvedAt, since), eq(alerts.kind, KIND_OF_FINDING), eq(alerts.subject, findings.id), STANDING),
    )
    .all();
  settleAlerts(
    tx,
    standing.map(({ id }) => id),
    now,
  );
  for (const { subject } of standing.filter(({ kind }) => kind === 'broken-link')) {
    const finding = findingById(tx).get({ id: subject });
    if (!finding) continue;
    const alert = findingAlert(finding, 'mended-link', ALERT['mended-link'].severity, now);
    raiseAlert(tx, {
      ...alert,
      title: `${inTitle(finding.model ?? 'A model')}: a broken chain is whole again`,
      statement: `No longer so: ${finding.statement}`,
    });
  }
}

function selectFindings(tx: Writer) {
  return tx
    .select({
      id: findings.id,
      kind: findings.kind,
      statement: findings.statement,
      evidence: findings.evidence,
      versionId: findings.versionId,
      bundleId: findings.bundleId,
      model: models.name,
      slug: models.slug,
    })
    .from(findings)
    .leftJoin(models, eq(models.id, findings.modelId))
    .$dynamic();
}

type Row = NonNullable<ReturnType<ReturnType<typeof selectFindings>['get']>>;

function findingAlert(finding: Row, kind: AlertKind, severity: AlertSeverity, now: number): AlertInput {
  const { id, statement, versionId, model, slug } = finding;
  // Written by `openFinding` alone.
  const evidence = JSON.parse(finding.evidence) as Readonly<Record<string, string>>;
  return {
    kind,
    severity,
    subject: id,
    title: `${inTitle(model ?? 'A model')}: ${FINDING[finding.kind].word.toLowerCase()}`,
    statement,
    evidence: { ...evidence, ...(model === null ? {} : { model }), finding: id },
    href: slug === null ? '/models' : versionId === null ? `/models/${slug}` : `/models/${slug}?version=${versionId}`,
    now,
  };
}
