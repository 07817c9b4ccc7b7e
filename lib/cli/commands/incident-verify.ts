import type { OwnTrust } from '#lib/incident-archive/archive-trust.ts';
import type { ArchiveCheck } from '#lib/incident-archive/checklist.ts';
import { LIMITS } from '#lib/incident-archive/layout.ts';
import { type ArchiveReport, verifyArchive } from '#lib/incident-archive/verify-archive.ts';
import { formatUtc } from '#lib/provenance/format.ts';
import { loadOperatorTrust } from '#lib/sigstore/operator-trust.ts';
import { type CliCommand, EXIT } from '../command.ts';
import type { CommandInput } from '../input.ts';
import { print, printFacts, printJson } from '../output.ts';
import { readFileUpTo } from '../read-file.ts';
import { chooseTrust } from '../trust.ts';

/** What each check is called in print. */
const LABELS: Readonly<Record<ArchiveCheck['name'], string>> = {
  container: 'Container',
  manifest: 'Files',
  documents: 'Documents',
  report: 'Report',
  audit: 'Audit chain',
  trust: 'Trust root',
  bundles: 'Bundles',
  events: 'Events',
  links: 'Links',
  artifacts: 'Artifacts',
  paths: 'Paths and tiers',
  scope: 'Scope',
};

/** Lines below one check; --json has all of them. */
const MAX_DETAILS = 20;

const WARNING =
  'WARNING: the trust root is the one that the archive brings along, so this shows only that the archive holds together. ' +
  'Give a trust root as you know it from elsewhere: --trusted-root or --config.';

export const incidentVerify: CliCommand = {
  options: [
    {
      flags: '--trusted-root <file>',
      description: 'Your own trusted_root.json to verify with, instead of the one in the archive',
    },
    {
      flags: '--config <file>',
      description: 'Configuration whose trust root, keys and authorities to verify with; no request is made',
    },
    { flags: '--json', description: 'Print one JSON object' },
  ],
  examples: [
    'modeltrail incident verify incident-7.zip --trusted-root trusted_root.json',
    'modeltrail incident verify incident-7.zip',
  ],
  exitCodes: {
    0: 'verified: all that can be checked holds. Against whose trust root, and what cannot be checked, is printed',
    1: 'refused: the reason is printed',
    2: 'no answer: wrong arguments, or a file that cannot be read',
  },
  async run(input) {
    const file = input.positional(0) ?? '';
    const trust = await readOwnTrust(input);
    const bytes = await readFileUpTo(file, LIMITS.archiveBytes, 'archive');
    const report = verifyArchive(bytes, { trust, now: Date.now() });
    if (input.flag('json')) printJson({ file, ...describe(report), trustRoot: trust?.source ?? null });
    else printReport(file, report, trust);
    return report.outcome === 'verified' ? EXIT.good : EXIT.bad;
  },
};

async function readOwnTrust(input: CommandInput): Promise<OwnTrust | null> {
  const isConfigured = input.text('config') !== undefined;
  if (input.text('trusted-root') === undefined && !isConfigured) return null;
  const { root, sha256, source, operatorFiles } = await chooseTrust(input);
  return { root, sha256, source, operator: isConfigured ? await loadOperatorTrust(operatorFiles) : null };
}

function describe({ outcome, statement, checks, incident }: ArchiveReport) {
  const about = incident && { id: incident.id, number: incident.number, title: incident.title };
  return {
    outcome,
    statement,
    incident: about,
    exportedAt: incident?.exportedAt ?? null,
    auditHash: incident?.audit.lastHash ?? null,
    checks,
  };
}

function printReport(
  file: string,
  { outcome, statement, checks, incident, manifest }: ArchiveReport,
  trust: OwnTrust | null,
): void {
  const isWhole = checks.every((check) => check.outcome === 'passed');
  const verified =
    trust === null
      ? 'holds together, if the trust root in it is to be trusted'
      : `verified${isWhole ? '' : ', but for what is said below not to be checked'}`;
  print(`${file}: ${outcome === 'verified' ? verified : 'refused'}`, statement);
  if (trust === null) print('', WARNING);
  print('');
  for (const { name, outcome: found, statement: what, details } of checks) {
    print(`${found.replace('-', ' ').padEnd(11)}  ${LABELS[name]}: ${what}`);
    const lines = details.filter((detail) => detail !== what);
    for (const detail of lines.slice(0, MAX_DETAILS)) print(`             - ${detail}`);
    if (lines.length > MAX_DETAILS) print(`             - and ${lines.length - MAX_DETAILS} more: --json has all`);
  }
  if (!incident || !manifest) return;
  print('');
  printFacts([
    ['Incident', `#${incident.number}: ${incident.title}`],
    ['Id', incident.id],
    ['Exported', `${formatUtc(incident.exportedAt)}, by ${manifest.generator.name} ${manifest.generator.version}`],
    ['Audit chain', `ends with ${incident.audit.lastHash}`],
    ['Verified with', trust === null ? 'the trust root in the archive' : `${trust.source}, sha256:${trust.sha256}`],
  ]);
}
