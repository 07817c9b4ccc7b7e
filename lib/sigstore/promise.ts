import type { Check } from '#lib/provenance/check.ts';
import type { BundleLogEntry } from './bundle-log-entry.ts';
import { verifySafely } from './log-key.ts';
import { OTHER_TRUST_ROOT, passed, Refusal } from './refusal.ts';
import type { ProvenTime } from './signing-time.ts';
import type { TrustedRoot } from './trusted-root.ts';
import { describeValidity, isValidAt, utc } from './validity.ts';

/**
 * Proves the time of a signed entry timestamp of Rekor v1: the log's promise to include the entry, where there is one.
 *
 * @throws {Refusal}
 */
export function verifyPromise(entry: BundleLogEntry, root: TrustedRoot, checks: Check[]): ProvenTime | null {
  const { promise, logId } = entry;
  if (!promise) return null;
  const at = entry.integratedAt ?? 0;
  const evidence = { time: utc(at), 'log id': logId };
  const known = root.logs.filter((log) => log.logId === logId);
  const valid = known.filter((log) => isValidAt(log, at));
  const [first] = known;
  if (!first) {
    throw new Refusal(
      'unknown-log',
      'timestamp',
      `The inclusion promise is by the log ${logId}, which the trust root in force does not have.`,
      OTHER_TRUST_ROOT,
      evidence,
    );
  }
  if (valid.length === 0) {
    throw new Refusal(
      'log-key-outside-validity',
      'timestamp',
      `The log promised the entry at ${utc(at)}, when its key was not trusted: it is ${describeValidity(first)}.`,
      'If the log is still in use, update the trust root.',
      evidence,
    );
  }
  // Canonical JSON: these four keys, in this order, without white space.
  const signed = JSON.stringify({
    body: entry.body.toString('base64'),
    integratedTime: at / 1000,
    logID: logId,
    logIndex: entry.index,
  });
  const log = valid.find(({ key }) => verifySafely(key, Buffer.from(signed), promise));
  if (!log) {
    throw new Refusal(
      'promise-invalid',
      'timestamp',
      "The inclusion promise does not carry the log's signature over this entry, its time and its index.",
      'The entry was changed after the log promised it. Take the bundle from the signer again.',
      evidence,
    );
  }
  checks.push(
    passed('timestamp', `The log ${log.origin} promised at ${utc(at)} to include the entry.`, {
      ...evidence,
      'log index': String(entry.index),
    }),
  );
  return { at, source: 'integrated-time' };
}
