import { checkEvidence, type EvidenceReport } from '#lib/tlog/check-evidence.ts';
import { TlogError } from '#lib/tlog/error.ts';
import { type LogEvidence, MAX_EVIDENCE_BYTES } from '#lib/tlog/evidence.ts';
import { parseEvidence } from '#lib/tlog/evidence-file.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { type EvidenceTrust, readEvidenceTrust } from '../evidence-trust.ts';
import { print, printFacts, printJson } from '../output.ts';
import { readFileUpTo } from '../read-file.ts';

/** What each check is called in print. */
const LABELS: Readonly<Record<EvidenceReport['checks'][number]['name'], string>> = {
  key: "Log's key",
  smaller: 'Smaller tree',
  larger: 'Larger tree',
  first: 'First note',
  second: 'Second note',
  frozen: 'Frozen tree',
  sizes: 'Sizes',
  hashes: 'Hashes',
  'first-entry': 'First entry',
  'second-entry': 'Second entry',
  'frozen-line': 'Freeze',
  contradiction: 'Contradiction',
};

const WARNING =
  'WARNING: the key is the one that the file brings along, so anybody could have made it. ' +
  "Give the log's key as you know it from elsewhere: --key or --trusted-root.";

export const logCheckEvidence: CliCommand = {
  options: [
    { flags: '--key <key>', description: "The log's key: a verifier key (name+id+key), or a file with it in PEM" },
    { flags: '--trusted-root <file>', description: "Or a trusted_root.json that has the log's key" },
    { flags: '--json', description: 'Print one JSON object' },
  ],
  examples: [
    'modeltrail log check-evidence fork.json --key rekor.example+0a1b2c3d+AZ…',
    'modeltrail log check-evidence fork.json --trusted-root trusted_root.json',
  ],
  exitCodes: {
    0: 'proves: the holder of the key contradicted themselves. Whose key it is, is known only with --key or --trusted-root',
    1: 'does not prove: the reason is printed',
    2: 'no answer: wrong arguments, or a file that cannot be read',
  },
  async run(input) {
    const file = input.positional(0) ?? '';
    const trust = await readEvidenceTrust(input);
    const bytes = await readFileUpTo(file, MAX_EVIDENCE_BYTES, 'evidence');
    const { evidence, report } = check(bytes, trust);
    if (input.flag('json')) {
      const { kind = null, origin = null, key = null } = evidence ?? {};
      printJson({ file, ...report, kind, origin, key, keyIsTrusted: report.checks[0]?.outcome === 'passed' });
    } else {
      printReport(file, evidence, report, trust);
    }
    return report.outcome === 'proves' ? EXIT.good : EXIT.bad;
  },
};

function check(bytes: Uint8Array, trust: EvidenceTrust | null) {
  try {
    const evidence = parseEvidence(bytes);
    return { evidence, report: checkEvidence(evidence, trust === null ? {} : { trustedKeys: trust.keys }) };
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    const report: EvidenceReport = { outcome: 'does-not-prove', statement: `${error.message}.`, checks: [] };
    return { evidence: null, report };
  }
}

function printReport(
  file: string,
  evidence: LogEvidence | null,
  { outcome, statement, checks }: EvidenceReport,
  trust: EvidenceTrust | null,
): void {
  const proves = trust === null ? "proves, if the key is the log's" : 'proves';
  print(`${file}: ${outcome === 'proves' ? proves : 'does not prove'}`, statement);
  if (evidence === null) return;
  if (trust === null) print('', WARNING);
  print('');
  for (const { name, outcome: found, statement: what } of checks) {
    print(`${found.replace('-', ' ').padEnd(11)}  ${LABELS[name]}: ${what}`);
  }
  print('');
  printFacts([
    ['Kind', evidence.kind],
    ['Origin', evidence.origin],
    ['Key', evidence.key],
    ['Compared with', trust === null ? 'nothing: it is what the file says' : trust.source],
  ]);
}
