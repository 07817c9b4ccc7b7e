import { and, eq, inArray, isNotNull, isNull, notExists, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { alerts } from '#db/schema/alert.ts';
import { findings } from '#db/schema/finding.ts';
import { models } from '#db/schema/model.ts';
import type { AlertKind, AlertSeverity } from '#lib/provenance/alert-kind.ts';
import { ALERT } from '#lib/provenance/alert-words.ts';
import { FINDING } from '#lib/provenance/finding-words.ts';
import type { FindingKind } from '#lib/provenance/findings.ts';
import { inTitle } from './event-alert.ts';
import { type AlertInput, alertId, raiseAlert } from './raise.ts';
import { settleAlerts } from './settle.ts';

const PAGE = 500;

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

const KINDS = [...new Set(Object.values(ALERT_OF).map(({ kind }) => kind))];

/**
 * Raises open findings of models that are no standing alert, and settles the alerts of those that were resolved; a broken
 * link that was mended is told of as such. Findings are read and alerts written in one transaction.
 *
 * @returns whether there may be more.
 */
export function raiseFromFindings(tx: Writer, now: number): boolean {
  settleResolved(tx, now);
  const isStanding = tx
    .select({ one: sql`1` })
    .from(alerts)
    .where(and(eq(alerts.subject, findings.id), inArray(alerts.kind, KINDS), eq(alerts.standing, true)));
  const open = selectFindings(tx)
    .where(and(isNull(findings.resolvedAt), notExists(isStanding)))
    .limit(PAGE)
    .all();
  for (const finding of open) {
    const { kind, severity } = ALERT_OF[finding.kind];
    raiseAlert(tx, findingAlert(finding, kind, severity ?? ALERT[kind].severity, now));
    if (kind === 'broken-link') settleAlerts(tx, [alertId('mended-link', finding.id)], now);
  }
  return open.length === PAGE;
}

function settleResolved(tx: Writer, now: number): void {
  const standing = tx
    .select({ id: alerts.id, kind: alerts.kind, subject: alerts.subject })
    .from(alerts)
    .innerJoin(findings, eq(findings.id, alerts.subject))
    .where(and(inArray(alerts.kind, KINDS), eq(alerts.standing, true), isNotNull(findings.resolvedAt)))
    .all();
  settleAlerts(
    tx,
    standing.map(({ id }) => id),
    now,
  );
  for (const { subject } of standing.filter(({ kind }) => kind === 'broken-link')) {
    const finding = selectFindings(tx).where(eq(findings.id, subject)).get();
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
