/** One check made on an event or a bundle, with what it rests on. Stored as JSON, shown whole. */
export interface Check {
  readonly name: CheckName;
  readonly outcome: 'passed' | 'failed' | 'not-made';
  /** One sentence for people: what was found, or why the check was not made. */
  readonly statement: string;
  /** The values compared or relied on: label to value, in the order to show. */
  readonly evidence: Readonly<Record<string, string>>;
}

/** The closed list of checks; pages order them so. */
export const CHECK_NAMES = [
  'checkpoint-signature',
  'consistency',
  'inclusion',
  'root-recomputed',
  'entry-parsed',
  'signature',
  'certificate-chain',
  'certificate-time',
  'sct',
  'timestamp',
  'log-entry',
  'bundle',
  'statement',
  'oms-root',
  'attestation',
] as const;

export type CheckName = (typeof CHECK_NAMES)[number];
