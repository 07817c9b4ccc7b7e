import { eq } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { attestations } from '#db/schema/artifact.ts';
import { bundleSubjects } from '#db/schema/bundle.ts';
import { incidentArtifacts, incidents, retractions } from '#db/schema/incident.ts';
import { configState } from '#db/schema/job.ts';
import { versions } from '#db/schema/model.ts';
import { noFacts, type StatedInput } from '#lib/attestation/facts.ts';
import { NO_POLICIES } from '#lib/provenance/expected-signer.ts';
import type { SharedPart } from '#lib/provenance/shared-parts.ts';
import { partsOf } from '#lib/provenance/shared-parts.ts';
import type { Actor } from '#lib/services/access/actor.ts';
import { storeVersion } from '#lib/services/bundle/record-version.ts';
import { recordLinks } from '#lib/services/graph/record-links.ts';
import { settle } from '#lib/services/settle.ts';
import { observedManifest } from '#lib/services/source/observed-manifest.ts';
import { MINT_TIME, mintCheckpoint, mintEvent, mintHex, mintLog } from '#test/factories.ts';
import { mintBundle } from '#test/model-factories.ts';

export const ACTOR: Actor = { kind: 'command-line' };

export const parts = (...named: readonly SharedPart[]) => partsOf(named);

interface MintedIncident {
  readonly notice?: string | null;
  readonly tier?: 'proven' | 'not-excluded';
  readonly title?: string;
  readonly at?: number;
}

/** An incident under way that reaches an artifact. Returns its id. */
export function mintIncident(
  { db }: OpenDatabase,
  artifactId: number,
  { notice = null, tier = 'proven', title = 'Poisoned data', at = MINT_TIME }: MintedIncident = {},
): string {
  const number = db.select().from(incidents).all().length + 1;
  const id = `inc_${mintHex(`incident ${number}`).slice(0, 32)}`;
  db.insert(incidents)
    .values({
      id,
      number,
      title,
      state: 'open',
      severity: 'high',
      scope: '{}',
      notice,
      noticeAt: notice === null ? null : at,
      openedAt: at,
      updatedAt: at,
      evaluatedAt: at,
      evaluatedOver: 0,
    })
    .run();
  db.insert(incidentArtifacts)
    .values({ incidentId: id, artifactId, tier, path: '[]', addedAt: at, joined: false })
    .run();
  return id;
}

export function mintRetraction(
  { db }: OpenDatabase,
  values: Pick<typeof retractions.$inferInsert, 'bundleId' | 'artifactId' | 'reason'> & { counts?: boolean },
): void {
  db.insert(retractions)
    .values({ counts: true, firstSeenAt: MINT_TIME, ...values })
    .run();
}

export function artifactOf({ db }: OpenDatabase, versionId: string): number {
  const id = db.select({ id: versions.artifactId }).from(versions).where(eq(versions.id, versionId)).get()?.id;
  if (id === undefined || id === null) throw new Error('the version has no artifact');
  return id;
}

/** Says under which address others reach this server. */
export function setPublicUrl({ db }: OpenDatabase, url: string): void {
  const row = db.select().from(configState).get();
  if (!row) throw new Error('no configuration is in force');
  const inForce = JSON.stringify({ ...JSON.parse(row.inForce), access: { publicUrl: url } });
  db.update(configState).set({ inForce }).run();
}

/** Texts of which each belongs to one part of a page, or to none: what must not leave shows by them. */
export const MARKERS = {
  signer: 'signer-marker@models.example',
  issuer: 'https://issuer-marker.example',
  files: 'files-marker.safetensors',
  chain: 'chain-marker-dataset',
  attester: 'attester-marker@models.example',
  notice: 'notice-marker: do not load it.',
  retraction: 'retraction-marker: wrong weights.',
  incident: 'incident-title-marker',
  note: 'link-note-marker',
} as const;

export interface SharedFiles {
  readonly path: string;
  readonly sha256: string;
}

export interface MintedShared {
  readonly versionId: string;
  readonly artifactId: number;
  readonly bundleId: string;
  readonly root: string;
}

interface SharedScene {
  readonly name?: string;
  readonly label?: string | null;
  readonly files?: readonly SharedFiles[];
  readonly signer?: string;
  /** The data set that provenance names; none where null. */
  readonly dataset?: string | null;
  readonly at?: number;
}

const FILES = [
  { path: 'config.json', sha256: mintHex('config') },
  { path: MARKERS.files, sha256: mintHex('weights') },
];

/** A version that is signed and logged, with provenance that names a data set. */
export function mintShared(database: OpenDatabase, scene: SharedScene = {}): MintedShared {
  const { name = 'granite', label = '1.0', files = FILES, signer = MARKERS.signer, at = MINT_TIME } = scene;
  const { db } = database;
  const manifest = { ...observedManifest(name, files), ignorePaths: [] };
  const { versionId, artifactId } = db.transaction((tx) => storeVersion(tx, manifest, { seenAs: 'signed', label }, at));
  const root = db.select().from(versions).where(eq(versions.id, versionId)).get()?.root ?? '';
  const index = Number.parseInt(root.slice(0, 6), 16);
  const log = mintLog(database, {
    origin: `log-${mintHex(versionId).slice(0, 8)}.rekor.example`,
    verifiedSize: index + 1,
  });
  const checkpoint = mintCheckpoint(database, log);
  const event = mintEvent(
    database,
    { log, checkpoint, logIndex: index },
    { san: signer, issuer: MARKERS.issuer, signedAt: at },
  );
  const bundle = mintBundle(database, event, { versionId, method: 'sigstore' });
  const dataset = scene.dataset === undefined ? MARKERS.chain : scene.dataset;
  const touched =
    dataset === null ? [] : attest(database, { artifactId, root, dataset, name, san: signer, issuer: MARKERS.issuer });
  settleAll(database, [artifactId, ...touched], at);
  return { versionId, artifactId, bundleId: bundle.id, root };
}

interface Attested {
  readonly artifactId: number;
  readonly root: string;
  readonly dataset: string;
  readonly name: string;
  readonly san: string;
  readonly issuer: string;
}

/** Provenance about a version that names a data set. @returns the artifacts that it touched. */
export function attest(
  database: OpenDatabase,
  { artifactId, root, dataset, name, san, issuer }: Attested,
): readonly number[] {
  const { db } = database;
  const digests = [{ algorithm: 'sha256', digest: mintHex(dataset) }];
  const inputs: StatedInput[] = [{ role: 'dataset', name: dataset, uri: null, digests, at: 'predicate.materials[0]' }];
  const id = `evt_${mintHex(`${name} ${root} ${san}`).slice(0, 24)}`;
  const event = mintEvent(database, null, { id, san, issuer });
  const { id: bundleId } = mintBundle(database, event, {
    predicateType: 'https://slsa.dev/provenance/v1',
    method: 'sigstore',
    bytes: Buffer.from(JSON.stringify({ attestation: dataset, of: name, by: san })),
  });
  db.insert(bundleSubjects).values({ bundleId, position: 0, name, algorithm: 'sha256', digest: root }).run();
  const facts = { ...noFacts('slsa-provenance', 'v1'), inputs };
  db.insert(attestations)
    .values({ bundleId, kind: facts.kind, facts: JSON.stringify(facts) })
    .run();
  return recordLinks(db, { childId: artifactId, document: { bundleId }, inputs }, MINT_TIME);
}

export function settleAll({ db }: OpenDatabase, artifactIds: readonly number[], now: number): void {
  db.transaction((tx) => settle(tx, { policies: NO_POLICIES, artifactIds, cause: 'test', now }));
}
