/** Signs what the story says with the real clients, keeps files and bundles in the fixture, and notes the facts of each entry. */
import { generateKeyPairSync, randomBytes, sign, type X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { PROVENANCE_PREDICATE } from './attestations.ts';
import { bundleFacts } from './bundle-facts.ts';
import { type Clients, hashedRekord } from './clients.ts';
import type { StoryEntry, StoryUnlogged, Wave } from './facts.ts';
import { forgeCertificate } from './forgery.ts';
import { type ModelVersion, OMS_PREDICATE, omsStatement } from './oms.ts';
import type { Shelf } from './shelf.ts';
import type { Signer } from './signers.ts';
import type { Stack } from './stack.ts';
import { leafHash } from './tree.ts';

const loggedSchema = z.object({
  canonicalizedBody: z.string(),
  kindVersion: z.object({ kind: z.string(), version: z.string() }),
  inclusionProof: z.object({ logIndex: z.string(), checkpoint: z.object({ envelope: z.string() }) }),
});

type Told = Pick<StoryEntry, 'id' | 'what'>;
/** How a version is signed without a log; gets the folder and where the bundle goes. */
type UnloggedSigning = (folder: string, signature: string) => Promise<void>;

export class Recorder {
  readonly entries: StoryEntry[] = [];
  readonly unlogged: StoryUnlogged[] = [];
  readonly chapters: { title: string; wave: Wave; tells: string[] }[] = [];
  readonly #stack: Stack;
  readonly #clients: Clients;
  readonly #shelf: Shelf;

  constructor(stack: Stack, clients: Clients, shelf: Shelf) {
    this.#stack = stack;
    this.#clients = clients;
    this.#shelf = shelf;
  }

  /** What is noted from here on belongs to this chapter. */
  chapter(title: string, wave: Wave = 1): void {
    this.chapters.push({ title, wave, tells: [] });
  }

  /** Publishes a version that nobody signs, for now. */
  publishUnsigned(version: ModelVersion): ModelVersion {
    this.#shelf.publish(version, false);
    return version;
  }

  /** Writes what its maker says of a version without signing it, as an in-toto statement that proves nothing. */
  declare(version: ModelVersion): void {
    const path = `declarations/${version.model}/${version.version}/statement.json`;
    this.#shelf.save(path, `${JSON.stringify(JSON.parse(omsStatement(version).toString()), null, 2)}\n`);
  }

  /** Publishes a version and signs it as OMS, by Python's client or by sigstore-js; the other one verifies it. */
  async signModel(
    told: Told,
    version: ModelVersion,
    signer: Signer,
    client: 'model_signing' | 'sigstore-js',
  ): Promise<void> {
    this.#shelf.publish(version, true);
    await this.#signPublished(told, version, signer, client);
  }

  /** Publishes a data set and signs its folder as OMS. */
  async signDataset(told: Told, version: ModelVersion, signer: Signer): Promise<void> {
    this.#shelf.publish(version, true, 'dataset');
    await this.#signPublished(told, version, signer, 'model_signing');
  }

  /** Signs what was published unsigned. */
  async signLate(told: Told, version: ModelVersion, signer: Signer): Promise<void> {
    this.#shelf.markSigned(version);
    await this.#signPublished(told, version, signer, 'model_signing');
  }

  async #signPublished(
    told: Told,
    version: ModelVersion,
    signer: Signer,
    client: 'model_signing' | 'sigstore-js',
  ): Promise<void> {
    const bundle = `bundles/${version.model}/${version.version}/model.sig`;
    const folder = this.#shelf.stage(version);
    if (client === 'model_signing') {
      await this.#clients.modelSigning(folder, signer, this.#shelf.makeRoom(bundle));
    } else {
      this.#shelf.save(bundle, JSON.stringify(await this.#clients.sigstoreJs(omsStatement(version), signer)));
    }
    await this.#clients.verifyModel(folder, signer, this.#shelf.path(bundle));
    this.#note(told, signer, client, bundle, { version });
  }

  /** The same into the older shard as a dsse 0.0.2 entry, which Python's client cannot verify. */
  async signModelInOlderShard(told: Told, version: ModelVersion, signer: Signer): Promise<void> {
    this.#shelf.publish(version, true);
    const bundle = `bundles/${version.model}/${version.version}/model.sig`;
    this.#shelf.save(bundle, JSON.stringify(await this.#clients.sigstoreJsDsse(omsStatement(version), signer)));
    this.#note(told, signer, 'sigstore-js', bundle, { version });
  }

  /** Signs a version in no log. */
  async signUnlogged(
    told: Told,
    version: ModelVersion,
    { method, trustedAs }: Pick<StoryUnlogged, 'method' | 'trustedAs'>,
    sign: UnloggedSigning,
  ): Promise<void> {
    this.#shelf.publish(version, true);
    const bundle = `bundles/${version.model}/${version.version}/model.sig`;
    await sign(this.#shelf.stage(version), this.#shelf.makeRoom(bundle));
    const { model, version: of, root } = version;
    this.unlogged.push({ ...told, method, trustedAs, bundle, model, version: of, omsRoot: root });
    this.#chapterOf(told.id);
  }

  /** Signs an attestation about a version; it is kept as `name` beside the version's signature. */
  async attest(
    told: Told,
    version: ModelVersion,
    signer: Signer,
    statement: Buffer,
    name: 'provenance' | 'test-result' | 'sbom' | 'croissant' | 'stranger',
  ): Promise<void> {
    const bundle = `bundles/${version.model}/${version.version}/${name}.sigstore.json`;
    this.#shelf.save(bundle, JSON.stringify(await this.#clients.sigstoreJs(statement, signer)));
    this.#note(told, signer, 'sigstore-js', bundle, { version });
  }

  /** Signs a file that is no model with cosign; `path` is below the fixture. */
  async signBlob(told: Told, path: string, bytes: Buffer, bundle: string, signer: Signer): Promise<void> {
    this.#shelf.save(path, bytes);
    await this.#clients.cosignBlob(this.#shelf.path(path), signer, this.#shelf.makeRoom(bundle));
    this.#note(told, signer, 'cosign', bundle, { artifact: path });
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
      wave: this.#chapterOf(told.id),
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
    expected: { version?: ModelVersion; artifact?: string },
  ): void {
    const facts = bundleFacts(this.#shelf.readJson(bundle));
    this.entries.push({
      ...told,
      wave: this.#chapterOf(told.id),
      ...facts,
      identity: signer.san,
      issuer: signer.issuer,
      client,
      rule: signer.rule,
      bundle,
      artifact: expected.artifact ?? null,
      expectedAuthenticity: 'verified',
      // A signature over a model's files and their provenance are a model's; whatever else was signed is something else.
      expectedClaim: MODEL_PREDICATES.has(facts.predicateType ?? '') ? 'model' : 'other',
      model: expected.version?.model ?? null,
      version: expected.version?.version ?? null,
      omsRoot: expected.version?.root ?? null,
    });
  }

  /** Puts `id` into the chapter that is being told, and gives its wave. */
  #chapterOf(id: string): Wave {
    const chapter = this.chapters.at(-1);
    if (chapter === undefined) throw new Error(`${id} is told before the first chapter`);
    chapter.tells.push(id);
    return chapter.wave;
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
      wave: this.#chapterOf(told.id),
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
}

const MODEL_PREDICATES: ReadonlySet<string> = new Set([OMS_PREDICATE, PROVENANCE_PREDICATE]);

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
