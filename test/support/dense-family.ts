import { eq } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { attestations, declarations } from '#db/schema/artifact.ts';
import { versions } from '#db/schema/model.ts';
import { type AttestationFacts, type AttestationKind, noFacts, type StatedInput } from '#lib/attestation/facts.ts';
import { NO_POLICIES } from '#lib/provenance/expected-signer.ts';
import type { ArtifactKind } from '#lib/provenance/link-state.ts';
import { settleFindings } from '#lib/services/finding/settle-findings.ts';
import { placeArtifact } from '#lib/services/graph/place-artifact.ts';
import { recordLinks } from '#lib/services/graph/record-links.ts';
import { settleGraph } from '#lib/services/graph/settle-graph.ts';
import { refreshModels } from '#lib/services/model/refresh-model.ts';
import { mintHex } from '#test/factories.ts';
import { mintBundle, mintModel, mintVersion } from '#test/model-factories.ts';
import type { Scene } from './dense-scene.ts';
import type { Signer } from './dense-signers.ts';

/** A thing of a minted family: its place in the graph, and the digest by which statements name it. */
export interface Member {
  readonly artifactId: number;
  readonly name: string;
  readonly digest: string;
  readonly versionId: string | null;
}

type VersionExtras = NonNullable<Parameters<typeof mintVersion>[2]>;

/** Mints models, data sets and statements about them, and has the graph judge them by the product's own rules. */
export class Family {
  readonly scene: Scene;
  readonly #touched = new Set<number>();
  readonly #models = new Map<string, ReturnType<typeof mintModel>>();

  constructor(scene: Scene) {
    this.scene = scene;
  }

  get #database(): OpenDatabase {
    return this.scene.database;
  }

  /** A version of a model that was seen at `at`; nobody has signed it yet. */
  version(name: string, at: number, extras: VersionExtras = {}): Member {
    const model = this.#models.get(name) ?? mintModel(this.#database, name);
    this.#models.set(name, model);
    const row = mintVersion(this.#database, model, { firstSeenAt: at, ...extras });
    return { ...this.#place('model', name, row.root, 'oms-root', at, row.id), name };
  }

  /** A file that was seen and is signed by nobody, such as an index or a data set in a folder. */
  file(kind: ArtifactKind, name: string, at: number): Member {
    return this.#place(kind, name, mintHex(`file ${name}`), 'file', at, null);
  }

  #place(
    kind: ArtifactKind,
    name: string,
    digest: string,
    as: 'oms-root' | 'file',
    at: number,
    versionId: string | null,
  ) {
    const { db } = this.#database;
    const artifactId = placeArtifact(db, { kind, name, aliases: [{ scheme: 'sha256', value: digest, kind: as }] }, at);
    if (versionId !== null) db.update(versions).set({ artifactId }).where(eq(versions.id, versionId)).run();
    this.#touched.add(artifactId);
    return { artifactId, name, digest, versionId };
  }

  /** A logged signature over a version's files. */
  sign(member: Member, signer: Signer, at: number, extras: Parameters<typeof mintBundle>[2] = {}): void {
    const event = this.scene.sign(signer, at, { claim: 'model' });
    mintBundle(this.#database, event, {
      versionId: member.versionId,
      subjects: [{ name: member.name, digest: member.digest }],
      ...extras,
    });
    this.#touched.add(member.artifactId);
  }

  /** A signed statement about a thing, with the inputs that it names. */
  attest(
    member: Member,
    signer: Signer,
    at: number,
    facts: Partial<AttestationFacts>,
    kind: AttestationKind = 'slsa-provenance',
  ): void {
    const event = this.scene.sign(signer, at, { claim: 'model' });
    const bundle = mintBundle(this.#database, event, {
      predicateType: kind === 'croissant' ? 'https://mlcommons.org/croissant/1.0' : 'https://slsa.dev/provenance/v1',
      subjects: [{ name: member.name, digest: member.digest }],
    });
    const all = { ...noFacts(kind, 'v1'), ...facts };
    this.#database.db
      .insert(attestations)
      .values({ bundleId: bundle.id, kind, facts: JSON.stringify(all) })
      .run();
    this.#link(member, { bundleId: bundle.id }, all.inputs, at);
  }

  /** An unsigned card beside a version. */
  declare(member: Member, path: string, inputs: readonly StatedInput[], at: number): void {
    const facts = { kind: 'model-card', name: member.name, inputs, evaluations: [], supersededBy: null, remarks: [] };
    const row = this.#database.db
      .insert(declarations)
      .values({
        source: 'releases',
        path,
        kind: 'model-card',
        sha256: mintHex(path),
        artifactId: member.artifactId,
        facts: JSON.stringify(facts),
        firstSeenAt: at,
      })
      .returning()
      .get();
    this.#link(member, { declarationId: row.id }, inputs, at);
  }

  #link(
    member: Member,
    document: Parameters<typeof recordLinks>[1]['document'],
    inputs: readonly StatedInput[],
    at: number,
  ) {
    const touched = recordLinks(this.#database.db, { childId: member.artifactId, document, inputs }, at);
    for (const id of touched) this.#touched.add(id);
  }

  /** Has everything judged that was minted since the last time, as the jobs would have at `at`. */
  settle(at: number, cause: string): void {
    const { db } = this.#database;
    const artifactIds = [...this.#touched];
    this.#touched.clear();
    settleGraph(db, { policies: NO_POLICIES, artifactIds, cause, now: at });
    refreshModels(db, artifactIds);
    settleFindings(db, { policies: NO_POLICIES, artifactIds, now: at });
  }
}

/** An input as a statement names it: by its digest. */
export function inputOf(role: StatedInput['role'], member: Pick<Member, 'name' | 'digest'>, position = 0): StatedInput {
  const at = `predicate.buildDefinition.resolvedDependencies[${position}]`;
  return { role, name: member.name, uri: null, digests: [{ algorithm: 'sha256', digest: member.digest }], at };
}
