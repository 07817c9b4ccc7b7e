import type { Check } from '#lib/provenance/check.ts';
import type { ParsedBundle } from './bundle.ts';
import { verifyPromise } from './promise.ts';
import { Refusal } from './refusal.ts';
import { verifyTimestamp } from './timestamp.ts';
import type { TrustedRoot } from './trusted-root.ts';

export type TimeSource = 'timestamp-authority' | 'integrated-time';

/** A time at which somebody trusted saw the signature. */
export interface ProvenTime {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly source: TimeSource;
}

/** At least one. */
export type ProvenTimes = readonly [ProvenTime, ...ProvenTime[]];

/**
 * Establishes when the bundle was signed: every time that it claims must be proved, and there must be one.
 * Timestamps come first: they are from somebody other than the log.
 *
 * @throws {Refusal}
 */
export function proveTimes(parsed: ParsedBundle, root: TrustedRoot, checks: Check[]): ProvenTimes {
  const stamped = parsed.timestamps.map((der, i) => verifyTimestamp(der, i, parsed.signature, root, checks));
  const promised = parsed.logEntries.map((entry) => verifyPromise(entry, root, checks)).filter((time) => time !== null);
  const [first, ...others] = [...stamped, ...promised];
  if (first) return [first, ...others];
  throw new Refusal(
    'no-proven-time',
    'timestamp',
    'Nothing in the bundle proves when it was signed: it has neither a timestamp nor an inclusion promise, so that a ' +
      'signature made long after the certificate ran out would look the same.',
    'Sign again with a timestamp authority, which every entry of Rekor v2 needs.',
  );
}
