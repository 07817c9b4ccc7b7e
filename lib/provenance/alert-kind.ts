/** What alerts are about. */
export const ALERT_KINDS = [
  'unclaimed-signing',
  'unexpected-signing',
  'unexpected-signer',
  'unexpected-issuer',
  'unexpected-workflow',
  'impersonation',
  'look-alike',
  'undecided-entry',
  'hash-mismatch',
  'lost-provenance',
  'field-conflict',
  'broken-link',
  'mended-link',
  'log-misbehaviour',
  'log-silence',
  'stale-trust-root',
  'refused-deployment',
  'failing-source',
  'failing-jobs',
  'failing-channel',
  'unused-certificate',
  'missing-certificate',
  'incident-opened',
  'incident-joined',
  'retraction',
] as const;

export type AlertKind = (typeof ALERT_KINDS)[number];

/** The least first. */
export const ALERT_SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;

export type AlertSeverity = (typeof ALERT_SEVERITIES)[number];

/** Whether one severity is at least another. */
export function isAtLeast(severity: AlertSeverity, least: AlertSeverity): boolean {
  return ALERT_SEVERITIES.indexOf(severity) >= ALERT_SEVERITIES.indexOf(least);
}
