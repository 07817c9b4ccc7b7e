import type { Check, CheckName } from '#lib/provenance/check.ts';

/** Why a bundle was refused. */
export type RefusalCode =
  | 'no-log-entry'
  | 'doubled-log-entry'
  | 'key-needed'
  | 'key-not-applicable'
  | 'key-not-trusted'
  | 'hint-mismatch'
  | 'certificate-not-trusted'
  | 'old-format'
  | 'no-proven-time'
  | 'timestamp-unreadable'
  | 'timestamp-unknown-authority'
  | 'timestamp-outside-validity'
  | 'timestamp-invalid'
  | 'unknown-log'
  | 'log-key-outside-validity'
  | 'promise-invalid'
  | 'certificate-unreadable'
  | 'certificate-unknown-authority'
  | 'certificate-outside-validity'
  | 'certificate-not-for-signing'
  | 'certificate-without-identity'
  | 'chain-with-root'
  | 'sct-missing'
  | 'sct-unknown-log'
  | 'sct-invalid'
  | 'no-inclusion-proof'
  | 'checkpoint-invalid'
  | 'inclusion-invalid'
  | 'log-index-mismatch'
  | 'proof-not-of-checkpoint'
  | 'entry-unreadable'
  | 'entry-mismatch'
  | 'unsupported-signature'
  | 'signature-invalid'
  | 'artifact-mismatch'
  | 'refused-by-library'
  | 'undecidable';

/** Said wherever something unknown to the trust root is met: the one mistake that honest operators make. */
export const OTHER_TRUST_ROOT =
  'If it comes from a private Sigstore, name its trusted_root.json under trust.file; else the trust root is out of date, or this is a forgery.';

/** Ends a verification: the check that failed, and the reason with its mend. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly check: Check;

  /** `statement` says what was found and why that is refused; `mend` what can be done. */
  constructor(
    code: RefusalCode,
    check: CheckName,
    statement: string,
    mend: string,
    evidence: Readonly<Record<string, string>> = {},
  ) {
    super(`${statement} ${mend}`);
    this.code = code;
    this.check = { name: check, outcome: 'failed', statement, evidence };
  }
}

export function passed(name: CheckName, statement: string, evidence: Readonly<Record<string, string>>): Check {
  return { name, outcome: 'passed', statement, evidence };
}

export function notMade(name: CheckName, statement: string, evidence: Readonly<Record<string, string>> = {}): Check {
  return { name, outcome: 'not-made', statement, evidence };
}
