import { CHECK_NAMES, type Check, type CheckName } from './check.ts';

/** What each check is called on a page. */
export const CHECK_LABELS: Readonly<Record<CheckName, string>> = {
  'checkpoint-signature': 'Checkpoint signature',
  consistency: 'Consistency with the checkpoint before',
  inclusion: 'Inclusion in the log',
  'root-recomputed': 'Root recomputed from the entries',
  'entry-parsed': 'Form of the entry',
  signature: 'Signature',
  'certificate-chain': 'Certificate chain',
  'certificate-time': 'Time of the certificate',
  sct: 'Certificate transparency (SCT)',
  timestamp: 'Timestamp',
  'log-entry': 'Bundle and log entry',
  bundle: 'Bundle',
  statement: 'Statement',
  'oms-root': 'Root of the model’s files',
  attestation: 'Predicate',
};

/** Checks in the order in which they build on each other; those of the same name as they were made. */
export function orderChecks(checks: readonly Check[]): Check[] {
  const place = (check: Check) => {
    const index = CHECK_NAMES.indexOf(check.name);
    return index === -1 ? CHECK_NAMES.length : index;
  };
  return [...checks].sort((a, b) => place(a) - place(b));
}
