/** Signs what the story says with the real clients, keeps files and bundles in the fixture, and notes the facts of each entry. */
import { generateKeyPairSync, randomBytes, sign, type X509Certificate } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { bundleFacts } from './bundle-facts.ts';
import { type Clients, hashedRekord } from './clients.ts';
import type { StoryEntry, StoryModel } from './facts.ts';
import { sha256 } from './files.ts';
import { forgeCertificate } from './forgery.ts';
import { type ModelVersion, omsStatement } from './oms.ts';
import type { Signer } from './signers.ts';
import type { Stack } from './stack.ts';
import { leafHash } from './tree.ts';

const loggedSchema = z.object({
  canonicalizedBody: z.string(),
  kindVersion: z.object({ kind: z.string(), version: z.string() }),
  inclusionProof: z.object({ logIndex: z.string(), checkpoint: z.object({ envelope: z.string() }) }),
});

type Told = Pick<StoryEntry, 'id' | 'what'>;

export class Recorder {
  readonly entries: StoryEntry[] = [];
  readonly models: StoryModel[] = [];
  readonly #stack: Stack;
  readonly #clients: Clients;
  readonly #directory: string;
  readonly #scratch: string;

  constructor(stack: Stack, clients: Clients, directory: string, scratch: string) {
    this.#stack = stack;
    this.#clients = clients;
    this.#directory = directory;
    this.#scratch = scratch;
  }

  /** Writes a version's files to `models/<model>/<version>/`. */
  publish(version: ModelVersion, signed: boolean): ModelVersion {
    const directory = `models/${version.model}/${version.version}`;
    for (const [path, bytes] of version.files) this.#save(`${directory}/${path}`, bytes);
    const files = [...version.files].map(([path, bytes]) => ({ path, size: bytes.length, sha256: sha256(bytes) }));
    this.models.push({
      model: version.model,
      version: version.version,
      omsRoot: version.root,
      signed,
      directory,
      files,
    });
    return version;
  }

  /** Writes what its maker says of a version without signing it, as an in-toto statement that proves nothing. */
  declare(version: ModelVersion): void {
    const path = `declarations/${version.model}/${version.version}/statement.json`;
    this.#save(path, `${JSON.stringify(JSON.parse(omsStatement(version).toString()), null, 2)}\n`);
  }

  /** Publishes a version and signs it as OMS, by Python's client or by sigstore-js; the other one verifies it. */
  async signModel(
    told: Told,
    version: ModelVersion,
    signer: Signer,
    client: 'model_signing' | 'sigstore-js',
  ): Promise<void> {
    this.publish(version, true);
    const bundle = `bundles/${version.model}/${version.version}/model.sig`;
    const folder = this.#stage(version);
    if (client === 'model_signing') {
      this.#makeRoom(bundle);
      await this.#clients.modelSigning(folder, signer, join(this.#directory, bundle));
    } else {
      this.#save(bundle, JSON.stringify(await this.#clients.sigstoreJs(omsStatement(version), signer)));
    }
    await this.#clients.verifyModel(folder, signer, join(this.#directory, bundle));
    this.#note(told, signer, client, bundle, { claim: 'model', version });
  }

  /** The same into the older shard as a dsse 0.0.2 entry, which Python's client cannot verify. */
  async signModelInOlderShard(told: Told, version: ModelVersion, signer: Signer): Promise<void> {
    this.publish(version, true);
    const bundle = `bundles/${version.model}/${version.version}/model.sig`;
    this.#save(bundle, JSON.stringify(await this.#clients.sigstoreJsDsse(omsStatement(version), signer)));
    this.#note(told, signer, 'sigstore-js', bundle, { claim: 'model', version });
  }

  /** Signs an attestation about a version; it is kept beside the version's signature. */
  async attest(
    told: Told,
    version: ModelVersion,
    signer: Signer,
    statement: Buffer,
    kind: 'provenance' | 'test-result',
  ): Promise<void> {
    const bundle = `bundles/${version.model}/${version.version}/${kind}.sigstore.json`;
    this.#save(bundle, JSON.stringify(await this.#clients.sigstoreJs(statement, signer)));
    this.#note(told, signer, 'sigstore-js', bundle, { claim: kind === 'provenance' ? 'model' : 'other', version });
  }

  /** Signs a file that is no model with cosign; `path` is below the fixture. */
  async signBlob(told: Told, path: string, bytes: Buffer, bundle: string, signer: Signer): Promise<void> {
    this.#save(path, bytes);
    this.#makeRoom(bundle);
    await this.#clients.cosignBlob(join(this.#directory, path), signer, join(this.#directory, bundle));
    this.#note(told, signer, 'cosign', bundle, { claim: 'other', artifact: path });
  }

  /** A signing of which nobody keeps a bundle. */
  async signAndForget(told: Told, signer: Signer): Promise<void> {
    const data = randomBytes(64);
    const { signature, certificate } = await this.#clients.signOnly(data, signer);
    const x509Certificate = { rawBytes: certificate.toString('base64') };
    const logged = await this.#stack.write('rekor2', hashedRekord(data, signature, { x509Certificate }));
    this.#noteLogged(told, logged, signer, 'verified');
  }

  /** An entry under a certificate of our own making that names `signer`. */
  async impersonate(told: Told, signer: Signer, authority: X509Certificate): Promise<void> {
    if (signer.run === null) throw new Error('the forgery is of a workflow');
    const { certificate, privateKey } = forgeCertificate(signer.san, signer.issuer, signer.run, authority);
    const data = randomBytes(64);
    const x509Certificate = { rawBytes: certificate.toString('base64') };
    const request = hashedRekord(data, sign('sha256', data, privateKey), { x509Certificate });
    this.#noteLogged(told, await this.#stack.write('rekor2', request), signer, 'impersonation');
  }

  /** An entry under a bare public key: no name, so no rule of the story meets it. */
  async signWithBareKey(told: Told): Promise<void> {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const data = randomBytes(64);
    const rawBytes = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    const request = hashedRekord(data, sign('sha256', data, privateKey), { publicKey: { rawBytes } });
    this.#noteLogged(told, await this.#stack.write('rekor2', request), null, 'unverifiable');
  }

  /** An entry that will be added behind the server's tree, of a kind that nobody knows yet. */
  noteUndecided(told: Told, entry: Buffer, kind: string, log: string, logIndex: number, signer: Signer): void {
    this.entries.push({
      ...told,
      ...NOTHING_KEPT,
      log,
      logIndex,
      leafHash: leafHash(entry).toString('hex'),
      kind,
      identity: signer.san,
      issuer: signer.issuer,
      client: 'none',
      rule: signer.rule,
      expectedAuthenticity: 'unverifiable',
    });
  }

  #note(
    told: Told,
    signer: Signer,
    client: string,
    bundle: string,
    expected: { claim: 'model' | 'other'; version?: ModelVersion; artifact?: string },
  ): void {
    this.entries.push({
      ...told,
      ...bundleFacts(JSON.parse(readFileSync(join(this.#directory, bundle), 'utf8'))),
      identity: signer.san,
      issuer: signer.issuer,
      client,
      rule: signer.rule,
      bundle,
      artifact: expected.artifact ?? null,
      expectedAuthenticity: 'verified',
      expectedClaim: expected.claim,
      model: expected.version?.model ?? null,
      version: expected.version?.version ?? null,
      omsRoot: expected.version?.root ?? null,
    });
  }

  #noteLogged(
    told: Told,
    answer: unknown,
    signer: Signer | null,
    authenticity: StoryEntry['expectedAuthenticity'],
  ): void {
    const { canonicalizedBody, kindVersion, inclusionProof } = loggedSchema.parse(answer);
    this.entries.push({
      ...told,
      ...NOTHING_KEPT,
      log: inclusionProof.checkpoint.envelope.split('\n')[0] ?? '',
      logIndex: Number(inclusionProof.logIndex),
      leafHash: leafHash(Buffer.from(canonicalizedBody, 'base64')).toString('hex'),
      kind: `${kindVersion.kind} ${kindVersion.version}`,
      identity: signer?.san ?? null,
      issuer: signer?.issuer ?? null,
      client: 'none',
      rule: signer?.rule ?? null,
      expectedAuthenticity: authenticity,
    });
  }

  /** The folder name becomes the model's name in the statement, so a version is signed in a folder named after the model. */
  #stage(version: ModelVersion): string {
    const folder = join(this.#scratch, version.version, version.model);
    cpSync(join(this.#directory, 'models', version.model, version.version), folder, { recursive: true });
    return folder;
  }

  #save(path: string, content: Buffer | string): void {
    this.#makeRoom(path);
    writeFileSync(join(this.#directory, path), content);
  }

  #makeRoom(path: string): void {
    mkdirSync(dirname(join(this.#directory, path)), { recursive: true });
  }
}

const NOTHING_KEPT = {
  bundle: null,
  artifact: null,
  predicateType: null,
  signedAt: null,
  expectedClaim: 'unclaimed',
  model: null,
  version: null,
  omsRoot: null,
} as const;
