import { createPublicKey, type KeyObject } from 'node:crypto';
import { formatPlural, formatUtc } from '#lib/provenance/format.ts';
import { MAX_BUNDLE_BYTES } from '#lib/sigstore/bundle.ts';
import { readArtifact } from '../artifact.ts';
import { type BundleReport, reportOnBundle } from '../bundle-report.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import type { CommandInput } from '../input.ts';
import { print, printChecks, printFacts, printJson } from '../output.ts';
import { readFileUpTo } from '../read-file.ts';
import type { SignedContent } from '../signed-content.ts';
import { type ChosenTrust, chooseTrust } from '../trust.ts';

const MAX_KEY = 64 * 1024;
/** Subjects and files shown of one bundle; --json has all. */
const SHOWN = 20;

export const bundleVerify: CliCommand = {
  options: [
    { flags: '--artifact <file>', description: 'The file that the bundle must be about' },
    { flags: '--identity <id>', description: 'Who must have signed, whole and byte for byte; with --issuer' },
    { flags: '--issuer <url>', description: 'The OpenID Connect issuer that must have vouched for the identity' },
    { flags: '--key <file>', description: 'Public key in PEM, for a bundle signed with a bare key' },
    { flags: '--trusted-root <file>', description: 'trusted_root.json to verify with' },
    { flags: '--config <file>', description: 'Configuration whose trust root to verify with; no request is made' },
    { flags: '--json', description: 'Print one JSON object' },
  ],
  examples: [
    'modeltrail bundle verify model.sig --identity release-bot@models.example --issuer https://accounts.models.example',
    'modeltrail bundle verify weights.sigstore.json --artifact weights.safetensors --trusted-root trusted_root.json',
  ],
  exitCodes: {
    0: 'verified: every check passed, and the signer is who was asked for',
    1: 'refused: the reason and the failed check are printed',
    2: 'no answer: wrong arguments, or a file that cannot be read',
  },
  async run(input) {
    const path = input.positional(0) ?? '';
    const signer = readSigner(input);
    const keyFile = input.text('key');
    if (keyFile !== undefined && signer) {
      throw new UsageError('A bundle is signed by an identity or with a bare key. Leave out --key, or the other two.');
    }
    const artifactFile = input.text('artifact');
    const trust = await chooseTrust(input);
    const report = reportOnBundle(await readFileUpTo(path, MAX_BUNDLE_BYTES, 'bundle'), trust, {
      now: Date.now(),
      signer,
      artifact: artifactFile === undefined ? null : await readArtifact(artifactFile),
      ...(keyFile !== undefined && { key: await readKey(keyFile) }),
    });
    const { source, sha256, remark } = trust;
    if (input.flag('json')) printJson({ file: path, ...report, trustRoot: { source, sha256, remark } });
    else printReport(path, report, trust);
    return report.outcome === 'verified' ? EXIT.good : EXIT.bad;
  },
};

function readSigner(input: CommandInput): { identity: string; issuer: string } | null {
  const identity = input.text('identity');
  const issuer = input.text('issuer');
  if (identity === undefined && issuer === undefined) return null;
  if (identity !== undefined && issuer !== undefined) return { identity, issuer };
  throw new UsageError(
    'An identity is a name together with its issuer: the same name at another provider is somebody else. Give both --identity and --issuer.',
  );
}

async function readKey(path: string): Promise<KeyObject> {
  const pem = await readFileUpTo(path, MAX_KEY, 'key');
  try {
    return createPublicKey(pem);
  } catch {
    throw new UsageError(`${path} is no public key in PEM. Write it between BEGIN and END PUBLIC KEY lines.`);
  }
}

function printReport(path: string, report: BundleReport, trust: ChosenTrust): void {
  print(`${path}: ${report.outcome === 'verified' ? 'verified' : `refused (${report.code})`}`);
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

function signerFacts({ outcome, signer, identity, signedAt, signedAtSource }: BundleReport): [string, string][] {
  const time: [string, string][] =
    signedAt === null ? [] : [['Signed at', `${formatUtc(signedAt)} (${signedAtSource?.replace('-', ' ')})`]];
  if (!signer) return outcome === 'verified' ? [['Signed by', 'the key that was given'], ...time] : time;
  const said = {
    'as-asked': 'as asked for',
    other: 'not who was asked for',
    'not-asked': 'nobody was asked for: whether they may sign this is yours to judge',
  };
  return [
    ['Signed by', `${signer.value} (${signer.type})`],
    ['through', signer.issuer ?? 'no issuer'],
    ['', said[identity]],
    ...time,
  ];
}

function contentFacts(content: SignedContent): [string, string][] {
  if (content.kind === 'file') {
    return Object.entries(content.digests).map(([algorithm, digest]) => ['Signs', `a file, ${algorithm}:${digest}`]);
  }
  if (content.kind === 'payload') return [['Signs', `a payload of the type ${content.payloadType}`]];
  if (content.kind === 'model') {
    const files = formatPlural(content.files.length, content.method === 'files' ? 'file' : 'shard');
    const left = formatPlural(content.ignorePaths.length, 'path');
    return [
      ['Signs', `the model ${content.name || 'without a name'}, ${files}; the signer left out ${left}`],
      ['Root', `sha256:${content.root}`],
      ...shorten(content.files, ({ name, algorithm, digest }) => `${name}  ${algorithm}:${digest}`),
    ];
  }
  return [
    ['Signs', `a statement of the type ${content.predicateType}`],
    ...shorten(content.subjects, ({ name, digests }) =>
      [name, ...digests.map(({ algorithm, digest }) => `${algorithm}:${digest}`)].join('  '),
    ),
  ];
}

function shorten<T>(items: readonly T[], describe: (item: T) => string): [string, string][] {
  const shown = items.slice(0, SHOWN).map((item): [string, string] => ['', describe(item)]);
  const left = items.length - shown.length;
  return left > 0 ? [...shown, ['', `and ${left} more`]] : shown;
}
