import { findChainFault, NO_PREVIOUS } from '#lib/provenance/audit-chain.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { TrustError } from '#lib/sigstore/trust-error.ts';
import { type ArchiveTrust, chooseArchiveTrust, type OwnTrust } from './archive-trust.ts';
import { checkArtifacts } from './check-artifacts.ts';
import { checkBundles } from './check-bundles.ts';
import { checkEvents } from './check-events.ts';
import { checkLinks } from './check-links.ts';
import { checkPaths } from './check-paths.ts';
import { checkScope } from './check-scope.ts';
import {
  ARCHIVE_CHECKS,
  type ArchiveCheck,
  type ArchiveCheckName,
  ArchiveError,
  Findings,
  NOT_REACHED,
} from './checklist.ts';
import type { ArchivedIncident, ArchiveManifest } from './documents.ts';
import { LIMITS, RENDERED } from './layout.ts';
import { checkManifest, type ReadDocuments, readDocuments } from './open-archive.ts';
import { startNamer } from './path-start.ts';
import { renderReports } from './render.ts';
import { SameThings } from './same-things.ts';
import { ZipError } from './zip-error.ts';
import { openZip, type ZipArchive } from './zip-reader.ts';

/** What became of an archive. */
export interface ArchiveReport {
  readonly outcome: 'verified' | 'refused';
  /** A sentence for people. */
  readonly statement: string;
  /** All of `ARCHIVE_CHECKS`, in their order. */
  readonly checks: readonly ArchiveCheck[];
  /** Null where its documents could not be read. */
  readonly incident: ArchivedIncident | null;
  readonly manifest: ArchiveManifest | null;
}

export interface VerifyArchiveOptions {
  /** Null to take the trust root that the archive brings. */
  readonly trust: OwnTrust | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Verifies the archive of an incident from nothing but its bytes (docs/incident-archive.md). Never throws for what they are.
 * What cannot be checked is told, and does not refuse it.
 */
export function verifyArchive(bytes: Uint8Array, options: VerifyArchiveOptions): ArchiveReport {
  const checks: ArchiveCheck[] = [];
  let manifest: ArchiveManifest | null = null;
  let incident: ArchivedIncident | null = null;
  const pass = (name: ArchiveCheckName, statement: string) =>
    void checks.push({ name, outcome: 'passed', statement, details: [] });
  try {
    const zip = guard('container', () => openZip(bytes, LIMITS));
    pass('container', `A ZIP archive of ${formatPlural(zip.names.length, 'file')}, with nothing between them.`);
    const known = guard('manifest', () => checkManifest(zip));
    manifest = known;
    pass(
      'manifest',
      `All ${formatPlural(known.files.length, 'file')} are those of the manifest, which lists no others.`,
    );
    const documents = guard('documents', () => readDocuments(zip, known));
    incident = documents.incident;
    pass('documents', 'Every document is of the format, and no file lies beside them.');
    checks.push(checkReport(zip, documents), checkAudit(documents));
    const trust = guard('trust', () => chooseArchiveTrust(zip, documents.trust, options.trust));
    checks.push(trust.check, ...checkEvidence(zip, documents, trust, options.now));
  } catch (error) {
    if (!(error instanceof CheckFailed)) throw error;
    checks.push(error.check);
  }
  return { ...conclude(checks), manifest, incident };
}

/** What `look` returns; what it finds wrong ends the checks. */
function guard<T>(name: ArchiveCheckName, look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof ZipError || error instanceof ArchiveError || error instanceof TrustError)) throw error;
    const statement = error.message.replace(/\.?$/, '.');
    throw new CheckFailed({ name, outcome: 'failed', statement, details: [statement] });
  }
}

/** Ends the checks, for those behind rest on this one. */
class CheckFailed extends Error {
  readonly check: ArchiveCheck;
  constructor(check: ArchiveCheck) {
    super(check.statement);
    this.check = check;
  }
}

/** The report is made again: a text that says something else than the documents would be read by people. */
function checkReport(zip: ZipArchive, documents: ReadDocuments): ArchiveCheck {
  const findings = new Findings();
  const made = findings.attempt('The report cannot be made', () => renderReports(documents));
  for (const path of made ? RENDERED : []) {
    if (!zip.read(path).equals(Buffer.from(made?.[path] ?? '')))
      findings.wrong.push(`${path} is not what the documents give.`);
  }
  return findings.check('report', 'Markdown, HTML and CSV say what the documents say.');
}

function checkAudit({ audit, incident }: ReadDocuments): ArchiveCheck {
  const findings = new Findings();
  const fault = findChainFault(audit, nodeSha256);
  if (fault) findings.wrong.push(`Entry ${fault.seq} of the audit chain: ${fault.problem}.`);
  const last = audit.at(-1)?.hash ?? NO_PREVIOUS;
  if (!fault && (last !== incident.audit.lastHash || audit.length !== incident.audit.entries)) {
    findings.wrong.push('The audit chain does not end as incident.json says: its end was cut off.');
  }
  const stray = audit.find(({ chain }) => chain !== incident.id);
  if (!fault && stray) findings.wrong.push('The audit chain is of another incident.');
  return findings.check(
    'audit',
    `${formatPlural(audit.length, 'entry', 'entries')} in an unbroken chain that ends with ${last}. Compare that with one noted elsewhere: a chain made anew is unbroken too.`,
  );
}

function checkEvidence(zip: ZipArchive, documents: ReadDocuments, trust: ArchiveTrust, now: number): ArchiveCheck[] {
  const artifacts = new Map(documents.affected.artifacts.map((artifact) => [artifact.id, artifact]));
  const bundles = checkBundles(zip, documents, trust, now);
  const events = checkEvents(zip, documents, trust);
  const { verified } = bundles;
  const same = new SameThings(verified.values());
  const links = checkLinks(documents, { verified, artifacts, same });
  const evidence = {
    links: links.checked,
    artifacts,
    same,
    nameStart: startNamer(documents, { verified, proven: events.proven, links: links.checked, same }),
  };
  return [
    bundles.check,
    events.check,
    links.check,
    checkArtifacts(documents, verified, same),
    checkPaths(documents, evidence),
    checkScope(documents, evidence),
  ];
}

function conclude(made: readonly ArchiveCheck[]): Pick<ArchiveReport, 'outcome' | 'statement' | 'checks'> {
  const checks = ARCHIVE_CHECKS.map(
    (name): ArchiveCheck =>
      made.find((check) => check.name === name) ?? {
        name,
        outcome: 'not-checked',
        statement: NOT_REACHED,
        details: [],
      },
  );
  const failed = checks.filter(({ outcome }) => outcome === 'failed');
  if (failed.length > 0) return { outcome: 'refused', statement: failed[0]?.statement ?? '', checks };
  const open = checks.filter(({ outcome }) => outcome !== 'passed').length;
  const statement =
    open === 0
      ? 'Everything in it that can be checked holds.'
      : `Everything in it that could be checked holds; ${formatPlural(open, 'check')} below say${open === 1 ? 's' : ''} what could not be.`;
  return { outcome: 'verified', statement, checks };
}
