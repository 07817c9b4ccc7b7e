import { readAttestation } from '#lib/attestation/read.ts';
import { parseStatement, STATEMENT_V1 } from '#lib/model-signing/statement.ts';
import { CHECK_NAMES } from '#lib/provenance/check.ts';
import type {
  LevelFacts,
  SourceReview,
  StatementEvidence,
  VersionFacts,
} from '#lib/provenance/ml-level/level-facts.ts';
import type { TrustTable } from '#lib/provenance/ml-level/trust-table.ts';
import type { VersionLink } from '#lib/provenance/nine-fields.ts';
import type { CertificateFacts } from '#lib/watch/certificate.ts';

// Provenance that reaches the highest level, as a pipeline would state it, for tests that take something away from it.

export const ROOT = 'a1'.repeat(32);
export const COMMIT = 'c0ffee00'.repeat(5);
export const SIGNED = Date.UTC(2026, 7, 1, 12);
export const WORKFLOW_COMMIT = 'beef0000'.repeat(5);
export const REPOSITORY = 'https://github.com/models-example/vision';
export const WORKFLOW = 'https://github.com/trainers-example/pipelines/.github/workflows/train.yml@refs/tags/v3';
export const RUN = `${REPOSITORY}/actions/runs/71`;
export const ISSUER = 'https://token.actions.githubusercontent.com';
export const SIGNER = { san: WORKFLOW, issuer: ISSUER };
const DATA = 'd1'.repeat(32);
const BASE = 'b1'.repeat(32);

export type Predicate = Record<string, Record<string, unknown>>;

export function mintPredicate(): Predicate {
  return {
    buildDefinition: {
      buildType: 'https://trainers.example/buildtypes/train/v1',
      externalParameters: { source: { repository: REPOSITORY, ref: 'refs/tags/v1.0.0', path: 'train.py' } },
      internalParameters: {
        environment: {
          gpu: '8x H100',
          driver: '570.86',
          frameworks: { torch: '2.11.0' },
          seed: 17,
          deterministic: true,
        },
      },
      resolvedDependencies: [
        { name: 'training-code', uri: `git+${REPOSITORY}@refs/tags/v1.0.0`, digest: { gitCommit: COMMIT } },
        { name: 'training-config', uri: `git+${REPOSITORY}#train.yaml`, digest: { sha256: 'cf'.repeat(32) } },
        { name: 'training-dataset', uri: 'https://data.example/quay', digest: { sha256: DATA } },
        { name: 'base-model', uri: 'https://models.example/base', digest: { sha256: BASE } },
        { name: 'training-image', uri: 'oci://registry.example/train', digest: { sha256: '1e'.repeat(32) } },
      ],
    },
    runDetails: {
      builder: {
        id: WORKFLOW,
        trainers_gpuExclusive: true,
        trainers_networkEgress: 'none',
        trainers_interactiveAccess: false,
        trainers_dependenciesComplete: true,
      },
      metadata: { invocationId: RUN, startedOn: '2026-08-01T09:00:00Z', finishedOn: '2026-08-01T11:59:00Z' },
      byproducts: [{ name: 'metrics.jsonl', digest: { sha256: '3e'.repeat(32) } }],
    },
  };
}

export function factsOf(predicate: object, predicateType = 'https://slsa.dev/provenance/v1') {
  const statement = {
    _type: STATEMENT_V1,
    subject: [{ name: 'vision', digest: { sha256: ROOT } }],
    predicateType,
    predicate,
  };
  return readAttestation(parseStatement(new TextEncoder().encode(JSON.stringify(statement))));
}

/** An extension as Fulcio writes it. */
export function extension(number: number, value: string): CertificateFacts['extensions'][number] {
  const bytes = Buffer.from(value);
  const { length } = bytes;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  const raw = number < 8 ? bytes : Buffer.from([0x0c, ...size, ...bytes]);
  return { oid: `1.3.6.1.4.1.57264.1.${number}`, name: null, value, raw: raw.toString('hex') };
}

/** What Fulcio writes into the certificate of that pipeline, by the last number of the OID. */
export const EXTENSIONS: Readonly<Record<number, string>> = {
  9: WORKFLOW,
  10: WORKFLOW_COMMIT,
  11: 'github-hosted',
  12: REPOSITORY,
  13: COMMIT,
  18: `${REPOSITORY}/.github/workflows/release.yml@refs/tags/v1.0.0`,
  19: COMMIT,
  21: `${RUN}/attempts/1`,
};

export function mintCertificate(
  { san, issuer }: { san: string; issuer: string } = SIGNER,
  extensions: Readonly<Record<number, string>> = EXTENSIONS,
): CertificateFacts {
  return {
    serial: '01',
    issuerName: 'CN=fulcio',
    subjectName: '',
    notBefore: SIGNED,
    notAfter: SIGNED + 600_000,
    sans: [
      { type: san.includes('://') ? 'uri' : 'email', value: san, raw: Buffer.from(san).toString('hex'), anomalies: [] },
    ],
    issuer: { value: issuer, conflict: false },
    extensions: [
      extension(1, issuer),
      extension(8, issuer),
      ...Object.entries(extensions).map(([number, value]) => extension(Number(number), value)),
    ],
    spki: { from: 0, to: 0 },
    anomalies: [],
  };
}

export const VERIFIER = { san: 'source@forge.example', issuer: 'https://accounts.forge.example' };

export function mintReview(overrides: Partial<SourceReview> = {}): SourceReview {
  return {
    certificate: mintCertificate(VERIFIER, {}),
    verifier: 'https://forge.example/source-verifier',
    resource: `git+${REPOSITORY}`,
    isPassed: true,
    levels: ['SLSA_SOURCE_LEVEL_4'],
    ...overrides,
  };
}

export const TABLE: TrustTable = {
  builders: [
    {
      name: 'Training pipeline',
      id: WORKFLOW,
      identity: SIGNER.san,
      issuer: SIGNER.issuer,
      level: 3,
      hosted: false,
      workflow: { uri: WORKFLOW, commits: [WORKFLOW_COMMIT] },
      parameters: ['source'],
    },
  ],
  ciIssuers: [ISSUER],
  sourceVerifiers: [
    {
      name: 'Forge',
      id: 'https://forge.example/source-verifier',
      identity: VERIFIER.san,
      issuer: VERIFIER.issuer,
    },
  ],
};

const link = (role: VersionLink['role'], digest: string): VersionLink => ({
  role,
  name: null,
  digests: [{ algorithm: 'sha256', digest }],
  at: 'predicate',
  bundleId: 'bdl_provenance',
  state: 'verified',
  reason: 'Named by digest and signed.',
});

export function mintStatement(
  overrides: Partial<StatementEvidence> = {},
  predicate = mintPredicate(),
): StatementEvidence {
  return {
    bundleId: 'bdl_provenance',
    facts: factsOf(predicate),
    namesModel: true,
    namesRoot: true,
    signature: {
      method: 'sigstore',
      signer: SIGNER,
      isExpected: true,
      certificate: mintCertificate(),
      passed: new Set(CHECK_NAMES),
      logged: 'proved',
      signedAt: SIGNED,
    },
    links: [link('dataset', DATA), link('base-model', BASE)],
    foundWith: ['folder'],
    reviews: [mintReview()],
    ...overrides,
  };
}

export function mintVersion(overrides: Partial<VersionFacts> = {}): VersionFacts {
  return {
    expectation: 'Vision models',
    signatures: [{ signer: SIGNER, isExpected: true }],
    checked: { firstAt: SIGNED + 1000, deployedBefore: false },
    evaluations: [
      {
        signer: { san: 'evaluation@lab.example', issuer: 'https://accounts.lab.example' },
        isPassed: true,
        hasHarness: true,
      },
    ],
    weakest: 'verified',
    upstream: [{ name: 'base', level: 2 }],
    ...overrides,
  };
}

/** Facts that reach level 4. */
export function mintLevelFacts(overrides: Partial<LevelFacts> = {}): LevelFacts {
  return { statement: mintStatement(), version: mintVersion(), trust: TABLE, ...overrides };
}
