/** What alerts are about. */
export const ALERT_KINDS = [
  'unclaimed-signing',
  'unexpected-signing',
  'unexpected-signer',
  'unexpected-workflow',
  'impersonation',
  'look-alike',
  'hash-mismatch',
  'lost-provenance',
  'broken-link',
  'mended-link',
  'log-misbehaviour',
  'log-silence',
  'stale-trust-root',
  'refused-deployment',
  'failing-source',
  'failing-jobs',
  'unused-certificate',
  'missing-certificate',
  'incident-opened',
  'incident-joined',
  'retraction',
] as const;

export type AlertKind = (typeof ALERT_KINDS)[number];

export type AlertSeverity = 'low' | 'medium' | 'high' | 'critical';
