import { hash, X509Certificate } from 'node:crypto';
import type { AttestationFacts } from '#lib/attestation/facts.ts';
import { readAttestation } from '#lib/attestation/read.ts';
import { stableId } from '#lib/ids.ts';
import { isModelSignature, type OmsManifest, readOmsManifest } from '#lib/model-signing/oms.ts';
import { parseStatement, STATEMENT_PAYLOAD_TYPE, type Statement } from '#lib/model-signing/statement.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import { describeSigner } from '#lib/provenance/signer.ts';
import { type ParsedBundle, readBundle } from '#lib/sigstore/bundle.ts';
import { type AnyVerdict, verifyAnyBundle } from '#lib/sigstore/verify-any.ts';
import { type ArchiveTrust, at } from './archive-trust.ts';
import { type ArchiveCheck, ArchiveError, Findings } from './checklist.ts';
import type { ArchivedBundle } from './documents.ts';
import { bundlePath } from './layout.ts';
import type { ReadDocuments } from './open-archive.ts';
import type { ZipArchive } from './zip-reader.ts';

/** A bundle whose signature holds, with what it signs. */
export interface VerifiedBundle {
  readonly listed: ArchivedBundle;
  readonly parsed: ParsedBundle;
  readonly statement: Statement | null;
  /** Of a model signature. */
  readonly manifest: OmsManifest | null;
  /** Of any other statement. */
  readonly facts: AttestationFacts | null;
}

type Verified = Extract<AnyVerdict, { outcome: 'verified' }>;

/** Verifies every bundle that is said to be verified, and that it is signed by whom and when the archive says. */
export function checkBundles(
  zip: ZipArchive,
  { bundles, proofs }: ReadDocuments,
  trust: ArchiveTrust,
  now: number,
): { check: ArchiveCheck; verified: ReadonlyMap<string, VerifiedBundle> } {
  const findings = new Findings();
  const verified = new Map<string, VerifiedBundle>();
  for (const listed of bundles) {
    findings.attempt(listed.id, () => {
      const bytes = zip.read(bundlePath(listed.id));
      const sha256 = hash('sha256', bytes);
      if (sha256 !== listed.sha256 || listed.id !== stableId('bundle', sha256)) {
        throw new ArchiveError('Its bytes are those of another bundle');
      }
      if (listed.state === 'refused') {
        findings.open.push(`${listed.id} was refused when it came, and counts for nothing here.`);
        return;
      }
      const parsed = readBundle(bytes);
      const verdict = verifyWithAny(parsed, listed, trust, now);
      compareSigner(listed, verdict);
      compareKey(listed, parsed);
      compareEvent(listed, parsed, proofs.get(listed.event ?? '')?.leafHash);
      if (trust.isOperatorBrought && isByOperator(verdict)) {
        findings.open.push(`${listed.id}: only the archive vouches for the key or authority that it is signed with.`);
      }
      const content = readContent(parsed);
      if (listed.predicateType !== (content.statement?.predicateType ?? null))
        throw new ArchiveError(`It does not state ${listed.predicateType ?? 'nothing'}`);
      verified.set(listed.id, { listed, parsed, ...content });
    });
  }
  const signed = [...verified.values()].filter(({ parsed }) => parsed.logEntries.length > 0).length;
  const unlogged = verified.size - signed;
  const beside = unlogged === 0 ? '' : `, ${formatPlural(unlogged, 'more')} in no log`;
  const check = findings.check(
    'bundles',
    `${formatPlural(signed, 'bundle')} verified with entries of transparency logs${beside}.`,
  );
  return { check, verified };
}

function verifyWithAny(
  parsed: ParsedBundle,
  listed: ArchivedBundle,
  { roots, operator }: ArchiveTrust,
  now: number,
): Verified {
  let reason = 'There is no trust root to verify it with';
  for (const [i, root] of roots.entries()) {
    const verdict = verifyAnyBundle(parsed, root, operator, { now, seenAt: listed.firstSeenAt });
    if (verdict.outcome === 'verified') return verdict;
    if (i === 0) reason = `It does not verify. ${verdict.reason}`;
  }
  throw new ArchiveError(reason);
}

function isByOperator(verdict: Verified): boolean {
  return !verdict.logged || verdict.key !== null;
}

function compareSigner(listed: ArchivedBundle, verdict: Verified): void {
  const { signer, keySha256 } = listed;
  if (listed.signedAt !== verdict.signedAt) {
    throw new ArchiveError(`It was signed at ${at(verdict.signedAt)}, and not at ${at(listed.signedAt)}`);
  }
  if (listed.signedAt !== null && listed.signedAtSource !== (verdict.signedAtSource ?? 'first-seen')) {
    throw new ArchiveError(`What proves its time is not ${listed.signedAtSource ?? 'nothing'}`);
  }
  const found = signerOf(verdict);
  if (found.key !== null && found.key !== keySha256) throw new ArchiveError(`It was signed with the key ${found.key}`);
  if (found.san === null || (signer?.san === found.san && (found.issuer === null || signer.issuer === found.issuer)))
    return;
  const claimed = signer === null ? 'nobody' : describeSigner(signer);
  throw new ArchiveError(
    `It was signed by ${describeSigner({ san: found.san, issuer: found.issuer })}, and not by ${claimed}`,
  );
}

/** The key of a certificate. */
function compareKey({ keySha256 }: ArchivedBundle, { material }: ParsedBundle): void {
  if (keySha256 === null || material.form !== 'certificate') return;
  const key = new X509Certificate(material.certificate).publicKey.export({ format: 'der', type: 'spki' });
  if (hash('sha256', key) !== keySha256) throw new ArchiveError('Its certificate is for another key than it says');
}

/** What of the signer the archive must say too. Names of the operator's keys and authorities are the operator's. */
function signerOf(verdict: Verified): { san: string | null; issuer: string | null; key: string | null } {
  if (verdict.logged) {
    if (verdict.key) return { san: null, issuer: null, key: verdict.key.fingerprint };
    return { san: verdict.signer?.value ?? null, issuer: verdict.signer?.issuer ?? null, key: null };
  }
  const { signer } = verdict;
  if (signer.method === 'key') return { san: null, issuer: null, key: signer.fingerprint };
  return { san: signer.san ?? signer.subject, issuer: null, key: null };
}

function compareEvent(
  { event, linkedBy }: ArchivedBundle,
  { logEntries }: ParsedBundle,
  leafHash: string | undefined,
): void {
  if (leafHash === undefined || linkedBy !== 'leaf' || logEntries.some((entry) => entry.leafHash === leafHash)) return;
  throw new ArchiveError(`It has no log entry that is the event ${event}`);
}

function readContent(parsed: ParsedBundle): Omit<VerifiedBundle, 'listed' | 'parsed'> {
  const nothing = { statement: null, manifest: null, facts: null };
  if (!parsed.payload || parsed.payloadType !== STATEMENT_PAYLOAD_TYPE) return nothing;
  const statement = parseStatement(parsed.payload);
  return isModelSignature(statement.predicateType)
    ? { ...nothing, statement, manifest: readOmsManifest(statement) }
    : { ...nothing, statement, facts: readAttestation(statement) };
}
