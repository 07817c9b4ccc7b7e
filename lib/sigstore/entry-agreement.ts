import type { Check } from '#lib/provenance/check.ts';
import type { ParsedBundle } from './bundle.ts';
import { BundleError } from './bundle-error.ts';
import type { BundleLogEntry } from './bundle-log-entry.ts';
import { type EntryBody, readEntryBody } from './entry-body.ts';
import { passed, Refusal } from './refusal.ts';
import type { SigningKey } from './signer.ts';

/**
 * Proves that the log entry is about this bundle: the same bytes signed, the same signature, the same certificate or
 * key. An entry about anything else would lend the bundle the time and the publicity of another signature.
 *
 * @throws {Refusal}
 */
export function verifyEntryAgrees(
  entry: BundleLogEntry,
  parsed: ParsedBundle,
  signer: SigningKey,
  checks: Check[],
): void {
  const body = read(entry);
  const expected = body.digestOf === 'payload' ? payloadDigest(parsed, body) : signedDigest(parsed, body);
  if (body.digest !== expected) {
    throw mismatch('is about other bytes than the bundle signs', {
      'digest in entry': `${body.algorithm}:${body.digest}`,
      'digest in bundle': expected === null ? 'none of this algorithm' : `${body.algorithm}:${expected}`,
    });
  }
  if (!body.signature.equals(parsed.signature)) throw mismatch('holds another signature than the bundle', {});
  if (body.verifier.form !== signer.form || !body.verifier.der.equals(signer.material)) {
    throw mismatch(
      body.verifier.form === 'certificate'
        ? 'names another certificate than the one that signed the bundle'
        : 'names another key than the one that signed the bundle',
      {},
    );
  }
  checks.push(
    passed('log-entry', 'The log entry holds the digest, the signature and the certificate or key of this bundle.', {
      kind: `${entry.kind} ${entry.version}`,
      digest: `${body.algorithm}:${body.digest}`,
      signature: `sha256:${parsed.signatureSha256}`,
    }),
  );
}

function read(entry: BundleLogEntry): EntryBody {
  try {
    return readEntryBody(entry);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const why = error instanceof BundleError ? error.reason : error.message;
    throw new Refusal(
      'entry-unreadable',
      'log-entry',
      `The log entry of the bundle cannot be compared with it: ${why.replace(/\.$/, '')}.`,
      'Sign again with a current client.',
      { kind: `${entry.kind} ${entry.version}`.slice(0, 100) },
    );
  }
}

function payloadDigest(parsed: ParsedBundle, { algorithm }: EntryBody): string | null {
  return algorithm === 'sha256' ? parsed.payloadSha256 : null;
}

function signedDigest({ signed }: ParsedBundle, { algorithm }: EntryBody): string | null {
  if (algorithm === 'sha256' || algorithm === 'sha384' || algorithm === 'sha512') return signed[algorithm];
  return null;
}

function mismatch(problem: string, evidence: Readonly<Record<string, string>>): Refusal {
  return new Refusal(
    'entry-mismatch',
    'log-entry',
    `The log entry ${problem}.`,
    'The bundle was put together from parts of different ones. Take it from the signer again.',
    evidence,
  );
}
