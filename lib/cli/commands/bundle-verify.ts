import { formatUtc } from '#lib/provenance/format.ts';
import { MAX_BUNDLE_BYTES } from '#lib/sigstore/bundle.ts';
import { readArtifact } from '../artifact.ts';
import { readAskedSigner } from '../asked-signer.ts';
import { type BundleReport, reportOnBundle } from '../bundle-report.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { contentFacts } from '../content-facts.ts';
import { print, printChecks, printFacts, printJson } from '../output.ts';
import { readFileUpTo } from '../read-file.ts';
import { type ChosenTrust, chooseTrust } from '../trust.ts';

export const bundleVerify: CliCommand = {
  options: [
    { flags: '--artifact <file>', description: 'The file that the bundle must be about' },
    {
      flags: '--identity <id>',
      description: 'Who must have signed, whole and byte for byte; with --issuer or --authority',
    },
    { flags: '--issuer <url>', description: 'The OpenID Connect issuer that must have vouched for the identity' },
    { flags: '--key <file>', description: 'Public key in PEM that must have signed, in a log or not' },
    {
      flags: '--authority <file>',
      description:
        'Certificates in PEM, one of which must have issued the certificate of a signature that no log has; may be given more than once',
    },
    { flags: '--trusted-root <file>', description: 'trusted_root.json to verify with' },
    {
      flags: '--config <file>',
      description: 'Configuration whose trust root, keys and authorities to verify with; no request is made',
    },
    { flags: '--json', description: 'Print one JSON object' },
  ],
  examples: [
    'modeltrail bundle verify model.sig --identity release-bot@models.example --issuer https://accounts.models.example',
    'modeltrail bundle verify weights.sigstore.json --artifact weights.safetensors --trusted-root trusted_root.json',
    'modeltrail bundle verify model.sig --key release.pub',
    'modeltrail bundle verify model.sig --authority models-example-ca.pem --identity release-bot@models.example',
  ],
  exitCodes: {
    0: 'verified: every check that must pass did, and the signer is who was asked for',
    1: 'refused: the reason and the failed check are printed',
    2: 'no answer: wrong arguments, or a file that cannot be read',
  },
  async run(input) {
    const path = input.positional(0) ?? '';
    const artifactFile = input.text('artifact');
    const trust = await chooseTrust(input);
    const question = await readAskedSigner(input, trust);
    const report = reportOnBundle(await readFileUpTo(path, MAX_BUNDLE_BYTES, 'bundle'), trust, {
      ...question,
      now: Date.now(),
      artifact: artifactFile === undefined ? null : await readArtifact(artifactFile),
    });
    const { source, sha256, remark } = trust;
    if (input.flag('json')) printJson({ file: path, ...report, trustRoot: { source, sha256, remark } });
    else printReport(path, report, trust);
    return report.outcome === 'verified' ? EXIT.good : EXIT.bad;
  },
};

function printReport(path: string, report: BundleReport, trust: ChosenTrust): void {
  print(`${path}: ${describeOutcome(report)}`);
  if (report.reason !== null) print(report.reason);
  print('');
  printFacts([
    ...signerFacts(report),
    ...(report.content ? contentFacts(report.content) : []),
    ['Trust root', `${trust.source}, sha256:${trust.sha256}`],
    ...(trust.remark === null ? [] : [['', trust.remark] as const]),
  ]);
  print('');
  printChecks(report.checks);
}

function describeOutcome({ outcome, code, logged }: BundleReport): string {
  if (outcome === 'refused') return `refused (${code})`;
  return logged === false ? 'verified, signed but not logged' : 'verified';
}

function signerFacts({ signer, identity, logged, signedAt, signedAtSource }: BundleReport): [string, string][] {
  if (!signer) return [];
  const said = {
    'as-asked': 'as asked for',
    other: 'not who was asked for',
    'not-asked': 'nobody was asked for: whether they may sign this is yours to judge',
  };
  const through = signer.keySha256 === null ? (signer.issuer ?? 'no issuer') : `key sha256:${signer.keySha256}`;
  const time =
    signedAt === null ? 'nothing shows when' : `${formatUtc(signedAt)} (${signedAtSource?.replace('-', ' ')})`;
  return [
    ['Signed by', `${signer.value} (${signer.type.replace('-', ' ')})`],
    ['through', through],
    ['', said[identity]],
    ['Signed at', time],
    ['Logged', logged ? 'yes, see the checks' : 'no: nothing shows that it was not signed in secret'],
  ];
}
