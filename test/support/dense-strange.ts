import { READER_VERSION } from '#lib/rekor/reader-version.ts';
import { escapeText } from '#lib/watch/display.ts';
import { type MintedRule, mintCertificate, mintHex } from '#test/factories.ts';
import { mintBundle, mintModel, mintVersion } from '#test/model-factories.ts';
import type { Scene } from './dense-scene.ts';
import { ACCOUNTS, HOSTILE, pick } from './dense-signers.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** What a monitor exists to show: impersonations, names that attack the page, entries that nobody can read. */
export function mintStrange(scene: Scene): void {
  for (const hours of [1, 8, 15]) {
    scene.sign(pick(0), scene.now - hours * HOUR, {
      authenticity: 'impersonation',
      authenticityReason: 'The certificate is signed by itself, not by an authority of the trust root.',
      signedAt: null,
    });
  }
  for (const text of Object.values(HOSTILE)) mintHostile(scene, text);
  mintUnreadable(scene);
  scene.enter({
    san: null,
    issuer: null,
    publicKeySha256: mintHex('bare key'),
    authenticity: 'unverifiable',
    authenticityReason: 'Signed with a bare public key: no certificate says whose key it is.',
    signedAt: null,
    firstSeenAt: scene.now - 4 * HOUR,
    rules: [{ rule: 'Old release key', field: 'key', value: mintHex('bare key'), how: 'exact', own: true }],
  });
}

function mintHostile(scene: Scene, text: string): void {
  const san = escapeText(text);
  const signer = { ...pick(0), san };
  const rule: MintedRule = { rule: signer.rule, field: 'san', value: san, how: 'folded', own: true };
  const certificate = mintCertificate({
    san,
    sanType: 'email',
    oidc: ACCOUNTS,
    anomalies: ['The certificate names 2 identities; Fulcio writes one.'],
    extensions: [
      { oid: '1.3.6.1.4.1.57264.1.8', name: 'issuer-v2', value: ACCOUNTS, raw: '0c00' },
      { oid: '1.3.6.1.4.1.57264.1.12', name: 'source-repository-uri', value: san, raw: '0c00' },
    ],
  });
  scene.sign(signer, scene.now - 40 * MINUTE, { certificate: JSON.stringify(certificate), rules: [rule] });

  const name = text === HOSTILE.long ? 'm'.repeat(2000) : text;
  const model = mintModel(scene.database, name, `hostile-${text.length}`);
  const files = [`${name}/weights.bin`, '../../etc/passwd'];
  const version = mintVersion(scene.database, model, { files, ignorePaths: JSON.stringify([name]) });
  const event = scene.sign(signer, scene.now - 30 * MINUTE, { claim: 'model' });
  mintBundle(scene.database, event, { versionId: version.id, subjects: [{ name, digest: version.root }] });
}

function mintUnreadable(scene: Scene): void {
  const unread = {
    authenticity: 'unverifiable' as const,
    san: null,
    issuer: null,
    digest: null,
    digestAlgorithm: null,
    signedAt: null,
  };
  const { san, rule } = pick(0);
  const newKind = 'Entries of the kind intoto 0.0.3 are not known to this version.';
  scene.enter({
    ...unread,
    kind: 'intoto 0.0.3',
    entry: Buffer.from(`{"apiVersion":"0.0.3","kind":"intoto","spec":{"note":"${san}"}}`),
    undecided: newKind,
    authenticityReason: newKind,
    firstSeenAt: scene.now - 2 * HOUR,
    rules: [{ rule, field: 'bytes', value: san, how: 'bytes', own: true }],
  });
  scene.enter({
    ...unread,
    kind: null,
    entry: Buffer.from([0, 255, 254, 1, 2, 3, ...Buffer.from('<script>')]),
    undecided: 'The bytes are not JSON.',
    authenticityReason: 'The bytes are not JSON.',
    firstSeenAt: scene.now - 26 * HOUR,
  });
  const kinds = ['cose 0.0.1', 'tuf 0.0.1', 'rpm 0.0.1', HOSTILE.script, null];
  for (let i = 0; i < 200; i++) {
    const kind = kinds[i % kinds.length] ?? null;
    const reason =
      kind === null
        ? `The certificate has trailing bytes after its end at offset ${700 + i}.`
        : `Entries of the kind ${kind} are not known to this version.`;
    scene.enter({
      ...unread,
      kind,
      entry: Buffer.from(`{"kind":${JSON.stringify(kind)},"n":${i},"text":"${i % 7 === 0 ? san : 'nobody'}"}`),
      undecided: reason,
      undecidedBy: i % 9 === 0 ? null : READER_VERSION,
      authenticityReason: reason,
      firstSeenAt: scene.now - 30 * HOUR - i * HOUR,
      rules: i % 7 === 0 ? [{ rule, field: 'bytes', value: san, how: 'bytes', own: true }] : [],
    });
  }
}
