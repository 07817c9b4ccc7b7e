import type { OpenDatabase } from '#db/client.ts';
import { escapeText } from '#lib/watch/display.ts';
import {
  type CheckpointRow,
  type LogRow,
  type MintedRule,
  mintBundle,
  mintCertificate,
  mintCheckpoint,
  mintConfiguration,
  mintCoverage,
  mintEvent,
  mintFault,
  mintHex,
  mintJobs,
  mintLog,
  mintModel,
  mintSourceFile,
  mintVersion,
} from '#test/factories.ts';

// A database as a year of use would leave it, with everything in it that could break a page.

const DAY = 86_400_000;
const HOUR = 3_600_000;
const GITHUB = 'https://token.actions.githubusercontent.com';
const GITLAB = 'https://gitlab.com';
const ACCOUNTS = 'https://accounts.models.example';

export const HOSTILE = {
  script: '<script>document.title="owned"</script>',
  bidi: 'release-bot@models.example\u202emoc.live',
  control: 'a\u0000b\u001b[31mred\u200b',
  long: `https://${'very-long-organisation-name.'.repeat(150)}example/workflow@refs/heads/main`,
} as const;

interface Signer {
  readonly san: string;
  readonly sanType: 'email' | 'uri';
  readonly issuer: string;
  readonly rule: string;
  readonly own: boolean;
}

const SIGNERS: readonly Signer[] = [
  { san: 'release-bot@models.example', sanType: 'email', issuer: ACCOUNTS, rule: 'Release bot', own: true },
  workflow('models-example/northwind', 'release.yml@refs/tags/v2.1.0', true),
  workflow('models-example/northwind', 'release.yml@refs/tags/v2.0.0', true),
  workflow('models-example/quay-vision', 'publish.yml@refs/heads/main', true),
  {
    san: 'https://gitlab.com/vision-lab/northwind-vision//.gitlab-ci.yml@refs/heads/main',
    sanType: 'uri',
    issuer: GITLAB,
    rule: 'Upstream base models',
    own: false,
  },
  { san: 'adapters@lab.example', sanType: 'email', issuer: ACCOUNTS, rule: 'Upstream base models', own: false },
  {
    san: 'release-bot@models.example',
    sanType: 'email',
    issuer: 'https://login.partner.example',
    rule: 'Release bot',
    own: true,
  },
];

function workflow(repository: string, file: string, own: boolean): Signer {
  const san = `https://github.com/${repository}/.github/workflows/${file}`;
  return { san, sanType: 'uri', issuer: GITHUB, rule: 'Release workflows', own };
}

export interface DenseSize {
  readonly now: number;
  readonly events: number;
  readonly models: number;
}

/** Fills a database: four logs in different states, models with several signers, events of every kind, hostile strings. */
export function mintDense(database: OpenDatabase, size: DenseSize): void {
  database.sqlite.transaction(() => {
    mintConfiguration(database, {
      refused:
        'modeltrail.yaml, line 14, column 11: watch[2].identity is neither exact, glob nor pattern. Write identity: { exact: … }.',
      refusedAt: size.now - 3 * HOUR,
    });
    mintJobs(database, size.now);
    const followed = mintLogs(database, size.now);
    const next = { index: 17 };
    mintModels(database, followed, next, size);
    mintStrange(database, followed, next, size.now);
    mintNoise(database, followed, next, size);
    mintFiles(database, size.now);
  })();
}

interface Followed {
  readonly log: LogRow;
  readonly checkpoint: CheckpointRow;
}

function mintLogs(database: OpenDatabase, now: number): Followed[] {
  const healthy = mintLog(database, {
    origin: 'log2026-1.rekor.example',
    verifiedSize: 4_812_907,
    observedSize: 4_812_907,
    lastSuccessAt: now - 9000,
    lastAttemptAt: now - 9000,
    createdAt: now - 320 * DAY,
  });
  const behind = mintLog(database, {
    origin: 'log2025-2.rekor.example',
    verifiedSize: 1_204_224,
    downloadedSize: 1_310_720,
    observedSize: 9_650_113,
    startIndex: 400_000,
    rate: 41_200,
    lastSuccessAt: now - 4000,
    lastAttemptAt: now - 4000,
    createdAt: now - 2 * HOUR,
  });
  const frozen = mintLog(database, {
    origin: 'private.rekor.models.example',
    verifiedSize: 20_331,
    observedSize: 20_331,
    state: 'frozen',
    source: 'configuration',
    keyDetails: 'PKIX_ECDSA_P256_SHA_256',
    lastSuccessAt: now - 2 * DAY,
    lastAttemptAt: now - 2 * DAY,
    createdAt: now - 200 * DAY,
  });
  const failing = mintLog(database, {
    origin: 'rekor.partner.example',
    verifiedSize: 88_120,
    observedSize: 88_120,
    lastSuccessAt: now - 5 * HOUR,
    lastAttemptAt: now - 15_000,
    createdAt: now - 90 * DAY,
  });
  mintCoverage(database, healthy, 0, 4_812_907, now - 9000);
  mintCoverage(database, behind, 400_000, 1_204_224, now - 4000);
  mintCoverage(database, frozen, 0, 9_000, now - 60 * DAY);
  mintCoverage(database, frozen, 12_500, 20_331, now - 2 * DAY);
  mintCoverage(database, failing, 0, 88_120, now - 5 * HOUR);
  const evidence = JSON.stringify({
    held: `${frozen.origin}\n20331\n…`,
    received: `${frozen.origin}\n20331\n…`,
    proof: '',
  });
  mintFault(database, frozen, {
    code: 'inconsistent',
    severity: 'misbehaviour',
    evidence,
    firstAt: now - 2 * DAY,
    lastAt: now - 2 * DAY,
    message: 'Two checkpoints of size 20331 have different roots, and both carry a good signature of the log.',
  });
  mintFault(database, failing, { code: 'server-error', count: 1204, firstAt: now - 5 * HOUR, lastAt: now - 15_000 });
  mintFault(database, failing, {
    code: 'rate-limited',
    count: 3,
    firstAt: now - 9 * DAY,
    lastAt: now - 9 * DAY + HOUR,
    resolvedAt: now - 9 * DAY + 2 * HOUR,
    message: 'https://rekor.partner.example/api/v2/checkpoint answered 429 and asked to wait 60 s.',
  });
  for (let i = 40; i >= 1; i--) {
    const size = 4_812_907 - i * 3_211;
    mintCheckpoint(database, healthy, {
      size,
      previousSize: size - 3_211,
      consistencyProof: Buffer.alloc(32 * 18),
      firstSeenAt: now - i * 10_000,
      verifiedAt: now - i * 10_000 + 310,
      cosignatures: i % 3,
    });
  }
  const latest = mintCheckpoint(database, healthy, {
    size: 4_812_907,
    previousSize: 4_809_696,
    consistencyProof: Buffer.alloc(32 * 17),
    firstSeenAt: now - 9000,
    verifiedAt: now - 8700,
    cosignatures: 2,
  });
  const middle = mintCheckpoint(database, behind, {
    size: 1_204_224,
    firstSeenAt: now - HOUR,
    verifiedAt: now - 60_000,
  });
  mintCheckpoint(database, behind, {
    size: 9_650_113,
    state: 'observed',
    verifiedAt: null,
    previousSize: 1_204_224,
    firstSeenAt: now - 4000,
  });
  mintCheckpoint(database, frozen, { size: 20_331, firstSeenAt: now - 3 * DAY });
  mintCheckpoint(database, frozen, {
    size: 20_331,
    state: 'inconsistent',
    verifiedAt: null,
    firstSeenAt: now - 2 * DAY,
  });
  mintCheckpoint(database, failing, { size: 88_120, firstSeenAt: now - 5 * HOUR });
  return [
    { log: healthy, checkpoint: latest },
    { log: behind, checkpoint: middle },
  ];
}

function mintModels(
  database: OpenDatabase,
  followed: readonly Followed[],
  next: { index: number },
  { now, models }: DenseSize,
): void {
  const families = [
    'northwind-base',
    'northwind-vision',
    'quay-segmenter',
    'harbour-asr',
    'tide-forecast',
    'berth-planner',
  ];
  for (let m = 0; m < models; m++) {
    const name = m < families.length ? `${families[m]}` : `${families[m % families.length]}-${m}`;
    const model = mintModel(database, name);
    const versions = m === 0 ? 11 : 1 + (m % 5);
    for (let v = 0; v < versions; v++) {
      // The third release was followed by a long silence, as after a change of team.
      const pause = m % 3 === 0 && v < 3 ? 150 * DAY : 0;
      const at = now - (m % 40) * 2 * DAY - (versions - v) * 19 * DAY - pause - m * 61_000;
      const signer = pick(m % 4 === 1 ? m + v : m + Math.floor(v / 4));
      const files = [
        'README.md',
        'config.json',
        'model-00001-of-00002.safetensors',
        'model-00002-of-00002.safetensors',
        'tokenizer.json',
        `v${v}.txt`,
      ];
      const version = mintVersion(database, model, {
        files,
        ignorePaths: m % 6 === 0 ? '[".git",".gitattributes","logs/"]' : '[]',
        firstSeenAt: at,
      });
      const event = sign(database, followed, next, signer, at, { claim: 'model' });
      const extra =
        m % 9 === 8 && v === versions - 1 ? { eventId: null, logIndex: m % 2 === 0 ? null : 5, linkedBy: null } : {};
      mintBundle(database, event, { versionId: version.id, subjects: [{ name, digest: version.root }], ...extra });
      if (m % 2 === 0) {
        const attested = sign(database, followed, next, pick(m + 3), at + HOUR, { claim: 'model' });
        mintBundle(database, attested, {
          predicateType: 'https://slsa.dev/provenance/v1',
          subjects: [{ name, digest: version.root }],
        });
      }
    }
  }
}

function mintStrange(
  database: OpenDatabase,
  followed: readonly Followed[],
  next: { index: number },
  now: number,
): void {
  const rule: MintedRule = {
    rule: 'Release bot',
    field: 'san',
    value: 'release-bot@models.example',
    how: 'exact',
    own: true,
  };
  for (let i = 0; i < 3; i++) {
    sign(database, followed, next, pick(0), now - i * 7 * HOUR - HOUR, {
      authenticity: 'impersonation',
      authenticityReason: 'The certificate is signed by itself, not by an authority of the trust root.',
      signedAt: null,
    });
  }
  for (const san of [HOSTILE.script, HOSTILE.bidi, HOSTILE.control, HOSTILE.long]) {
    const shown = escapeText(san);
    const certificate = mintCertificate({
      san: shown,
      sanType: 'email',
      oidc: ACCOUNTS,
      anomalies: ['The certificate names 2 identities; Fulcio writes one.'],
      extensions: [
        { oid: '1.3.6.1.4.1.57264.1.8', name: 'issuer-v2', value: ACCOUNTS, raw: '0c00' },
        { oid: '1.3.6.1.4.1.57264.1.12', name: 'source-repository-uri', value: shown, raw: '0c00' },
      ],
    });
    sign(
      database,
      followed,
      next,
      { ...pick(0), san: shown },
      now - 40 * 60_000,
      { certificate: JSON.stringify(certificate) },
      { ...rule, value: shown, how: 'folded' },
    );
    const name = san === HOSTILE.long ? 'm'.repeat(2000) : san;
    const model = mintModel(database, name, `hostile-${san.length}`);
    const version = mintVersion(database, model, {
      files: [`${name}/weights.bin`, '../../etc/passwd'],
      ignorePaths: JSON.stringify([name]),
    });
    const event = sign(database, followed, next, { ...pick(0), san: shown }, now - 30 * 60_000, { claim: 'model' });
    mintBundle(database, event, { versionId: version.id, subjects: [{ name, digest: version.root }] });
  }
  const place = spot(followed, next);
  mintEvent(database, place, {
    kind: 'intoto 0.0.3',
    entry: Buffer.from('{"apiVersion":"0.0.3","kind":"intoto","spec":{"note":"release-bot@models.example"}}'),
    undecided: 'Entries of the kind intoto 0.0.3 are not known to this version.',
    authenticity: 'unverifiable',
    authenticityReason: 'Entries of the kind intoto 0.0.3 are not known to this version.',
    san: null,
    issuer: null,
    digest: null,
    digestAlgorithm: null,
    signedAt: null,
    firstSeenAt: now - 2 * HOUR,
    rules: [{ ...rule, field: 'bytes', how: 'bytes' }],
  });
  mintEvent(database, spot(followed, next), {
    kind: null,
    entry: Buffer.from([0, 255, 254, 1, 2, 3, 60, 115, 99, 114, 105, 112, 116, 62]),
    undecided: 'The bytes are not JSON.',
    authenticity: 'unverifiable',
    authenticityReason: 'The bytes are not JSON.',
    san: null,
    issuer: null,
    digest: null,
    digestAlgorithm: null,
    signedAt: null,
    firstSeenAt: now - 26 * HOUR,
  });
  mintEvent(database, spot(followed, next), {
    san: null,
    issuer: null,
    publicKeySha256: mintHex('bare key'),
    authenticity: 'unverifiable',
    authenticityReason: 'Signed with a bare public key: no certificate says whose key it is.',
    signedAt: null,
    firstSeenAt: now - 4 * HOUR,
    rules: [{ rule: 'Old release key', field: 'key', value: mintHex('bare key'), how: 'exact', own: true }],
  });
}

function mintNoise(
  database: OpenDatabase,
  followed: readonly Followed[],
  next: { index: number },
  { now, events }: DenseSize,
): void {
  for (let i = 0; i < events; i++) {
    const at = now - i * Math.floor((300 * DAY) / events) - 5 * 60_000;
    const signer = pick(i * 7 + (i % 3));
    const isOther = i % 5 !== 0;
    const event = sign(database, followed, next, signer, at, {
      claim: i % 20 === 3 ? 'probable' : isOther ? 'other' : 'unclaimed',
    });
    if (isOther && i % 20 !== 3) {
      mintBundle(database, event, {
        content: i % 2 === 0 ? 'message' : 'dsse',
        predicateType: i % 2 === 0 ? null : 'https://cyclonedx.org/bom',
        subjects: i % 2 === 0 ? [] : [{ name: `image-${i}.tar`, digest: mintHex(`subject ${i}`) }],
      });
    }
  }
}

function mintFiles(database: OpenDatabase, now: number): void {
  mintSourceFile(database, { path: 'northwind/model.sig', checkedAt: now - HOUR });
  mintSourceFile(database, {
    path: 'notes/readme.txt',
    outcome: 'refused',
    reasonCode: 'not-json',
    reason: 'The file is not JSON: unexpected “H” at the first byte. A Sigstore bundle is one JSON object.',
    checkedAt: now - 2 * HOUR,
  });
  mintSourceFile(database, {
    path: 'huge.sigstore.json',
    size: 104_857_600,
    outcome: 'refused',
    reasonCode: 'too-large',
    reason: 'The file has 104857600 bytes; a bundle may have 16777216.',
    checkedAt: now - 3 * HOUR,
  });
  mintSourceFile(database, {
    path: `${HOSTILE.script}.json`,
    outcome: 'refused',
    reasonCode: 'untrusted',
    reason: 'The certificate was issued by CN=somebody else, which the trust root in force does not name.',
    checkedAt: now - 4 * HOUR,
  });
  for (let i = 0; i < 30; i++)
    mintSourceFile(database, {
      path: `archive/${2020 + (i % 6)}/model-${i}.sigstore.json`,
      checkedAt: now - 5 * HOUR - i * 60_000,
    });
}

function sign(
  database: OpenDatabase,
  followed: readonly Followed[],
  next: { index: number },
  signer: Signer,
  at: number,
  overrides: Parameters<typeof mintEvent>[2],
  rule?: MintedRule,
) {
  const { san, sanType, issuer } = signer;
  const met: MintedRule = rule ?? { rule: signer.rule, field: 'san', value: san, how: 'exact', own: signer.own };
  return mintEvent(database, spot(followed, next), {
    san,
    sanType,
    issuer,
    signedAt: at,
    firstSeenAt: at + 4000,
    rules: [met],
    ...overrides,
  });
}

function spot(followed: readonly Followed[], next: { index: number }) {
  next.index += 3;
  const place = followed[next.index % followed.length];
  if (!place) throw new Error('no log to put an entry into');
  return { ...place, logIndex: next.index };
}

function pick(n: number): Signer {
  const signer = SIGNERS[n % SIGNERS.length];
  if (!signer) throw new Error('no signer');
  return signer;
}
