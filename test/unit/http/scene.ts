import { createHash } from 'node:crypto';
import { findings } from '#db/schema/finding.ts';
import { configState } from '#db/schema/job.ts';
import { sourceStates } from '#db/schema/source.ts';
import type { ApiEnvironment } from '#lib/http/api.ts';
import { stableId } from '#lib/ids.ts';
import { modelStatement } from '#lib/model-signing/payload.ts';
import { slugOf } from '#lib/provenance/slug.ts';
import { createToken } from '#lib/services/access/create-token.ts';
import type { Scope } from '#lib/services/access/scope.ts';
import { ingestBundle } from '#lib/services/bundle/ingest.ts';
import { handInBundles } from '#lib/services/source/hand-in.ts';
import type { Standards } from '#lib/services/standards.ts';
import { mintIssued } from '#test/certificate-factories.ts';
import { MINT_TIME, mintCheckpoint, mintCoverage, mintEvent, mintFault, mintHex, mintLog } from '#test/factories.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { standardsOf } from '#test/support/standards.ts';
import { type Json, MintedSigstore } from '#test/unit/sigstore/mint-bundle.ts';
import { T0 } from '#test/unit/sigstore/mint-certificate.ts';
import { email } from '#test/unit/watch/der-builder.ts';

// A database as the jobs would fill it: signed models and data sets go in by the way that bundles go in.

export const WORKFLOW = 'data-bot@models.example';
export const sigstore = new MintedSigstore();
export const standards: Standards = standardsOf(Buffer.from(JSON.stringify(sigstore.trustedRoot)));

/** Bundles signed for the database in hand: each has its own place in the log. */
let signed = 0;
/** Tests ask more often than anybody may. */
const UNLIMITED = { reads: 1e9, writes: 1e9, anonymousReads: 1e9 };
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** A signature over a model of these files, whose contents are their names. */
export function signModel(name: string, files: readonly string[], san?: string): Json {
  const payload = modelStatement({
    name,
    hashType: 'sha256',
    shardSize: null,
    allowSymlinks: false,
    resources: files.map((path) => ({ name: path, algorithm: 'sha256', digest: sha256(path) })),
    ignorePaths: ['.git'],
  });
  return sign(Buffer.from(payload), san);
}

/** Provenance that states these inputs of the files whose root is given. */
export function signProvenance(name: string, root: string, inputs: readonly object[], san?: string): Json {
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name, digest: { sha256: root } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'https://models.example/train/v1',
        externalParameters: { learning_rate: name },
        resolvedDependencies: inputs,
      },
      runDetails: { builder: { id: 'https://models.example/builder@v1' } },
    },
  };
  return sign(Buffer.from(JSON.stringify(statement)), san);
}

/** A bundle of any statement. */
export function sign(payload: Buffer, san?: string): Json {
  const leaf = san === undefined ? sigstore.leaf() : sigstore.leaf({ sans: [email(san)] });
  signed++;
  // Each a second after the one before: of versions signed at once none is the newest.
  return sigstore.bundle({ log: 'v2', payload, leaf, index: 2 ** signed, at: T0 + 30_000 + signed * 1000 });
}

export const bytesOf = (bundle: Json): Buffer<ArrayBuffer> => Buffer.from(JSON.stringify(bundle));

/** The OMS root that a bundle signs. */
export function rootOf(bundle: Json): string {
  const payload = JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString());
  return payload.subject[0].digest.sha256;
}

export interface Scene {
  readonly ctx: TestContext;
  readonly environment: ApiEnvironment;
  readonly datasetRoot: string;
  readonly roots: readonly [string, string];
  readonly eventId: string;
  readonly refusedId: string;
  readonly logId: number;
  readonly certificateId: string;
  /** Of `northwind`, which has two versions, and of `southwind`, of which no input is stated. */
  readonly slug: string;
  readonly otherSlug: string;
  token(scope: Scope): string;
}

/** Two versions of a model, trained on a data set, and another model; a log with entries; bundles of both states; findings; sources. */
export function openScene(path?: string): Scene {
  signed = 0;
  const ctx = openContext(path);
  ctx.tick(MINT_TIME - ctx.now());
  const take = (bundle: Json) => {
    const taken = ingestBundle(ctx, bytesOf(bundle), standards);
    if (taken.outcome === 'refused') throw new Error(taken.reason);
  };
  const dataset = signModel('quay-images', ['a.png', 'b.png'], WORKFLOW);
  const first = signModel('northwind', ['config.json', 'model.safetensors']);
  const second = signModel('northwind', ['config.json', 'model-2.safetensors', 'README.md']);
  const other = signModel('southwind', ['weights.bin'], WORKFLOW);
  for (const bundle of [dataset, other, first, second]) {
    take(bundle);
    ctx.tick(1000);
  }
  const inputs = [
    { name: 'training-dataset', uri: 'https://data.example/quay-images', digest: { sha256: rootOf(dataset) } },
    { name: 'base-model', uri: 'hf:foundation/base', digest: { sha256: mintHex('nobody knows it') } },
  ];
  take(signProvenance('northwind', rootOf(first), inputs));
  take(signProvenance('northwind 2', rootOf(second), inputs.slice(0, 1)));
  const refused = signModel('northwind', ['forged']);
  refused.dsseEnvelope.signatures[0].sig = sign(Buffer.from('{}')).dsseEnvelope.signatures[0].sig;
  const forged = ingestBundle(ctx, bytesOf(refused), standards);
  if (forged.outcome !== 'refused' || forged.bundleId === null) throw new Error('the forged bundle was taken');
  const { logId, eventId } = fillLog(ctx);
  const certificateId = fillCertificates(ctx);
  fillSources(ctx);
  fillFindings(ctx);
  let tokens = 0;
  return {
    ctx,
    environment: {
      ...ctx,
      database: () => ctx.database,
      standards: async () => standards,
      rateLimits: UNLIMITED,
      // Somebody who reads in a browser: what most tests are about is not who may.
      visitor: async () => ({ actor: { kind: 'loopback' }, role: 'viewer', isOwnPage: false }),
    },
    datasetRoot: rootOf(dataset),
    roots: [rootOf(first), rootOf(second)],
    eventId,
    refusedId: forged.bundleId,
    logId,
    certificateId,
    slug: slugOf('northwind', stableId('model', 'northwind')),
    otherSlug: slugOf('southwind', stableId('model', 'southwind')),
    token: (scope) =>
      createToken(ctx, { name: `ci ${tokens++}`, scopes: [scope], expiresAt: null }, { kind: 'command-line' }).token,
  };
}

/** Three certificates in a certificate log; gives the unused one. */
function fillCertificates({ database }: TestContext): string {
  const log = mintLog(database, { origin: 'ct.example/2026', api: 'ct-rfc6962' });
  const checkpoint = mintCheckpoint(database, log, { note: '{"tree_size":1000}' });
  const rules = [
    { rule: 'Release bot', field: 'san', value: 'release-bot@models.example', how: 'exact', own: true },
  ] as const;
  mintIssued(database, { log, checkpoint, logIndex: 1 });
  const unused = mintIssued(database, { log, checkpoint, logIndex: 2 }, { rules, state: 'unused' });
  const undecided = { undecided: 'The leaf is cut short.', san: null, issuer: null, tbsSha256: null };
  mintIssued(database, { log, checkpoint, logIndex: 3 }, undecided);
  return unused.id;
}

function fillLog({ database }: TestContext) {
  const log = mintLog(database);
  const older = mintCheckpoint(database, log, { size: 500, firstSeenAt: MINT_TIME - 1000 });
  const checkpoint = mintCheckpoint(database, log, { previousSize: older.size, consistencyProof: Buffer.alloc(96, 7) });
  mintCoverage(database, log, 0, 1000);
  mintFault(database, log);
  mintFault(database, log, { code: 'timeout', resolvedAt: MINT_TIME });
  const rules = [
    { rule: 'Release bot', field: 'san', value: 'release-bot@models.example', how: 'exact', own: true },
  ] as const;
  const event = mintEvent(database, { log, checkpoint, logIndex: 7 }, { rules });
  mintEvent(database, { log, checkpoint, logIndex: 8 }, { authenticity: 'impersonation', signedAt: MINT_TIME + 1 });
  mintEvent(
    database,
    { log, checkpoint, logIndex: 9 },
    { san: null, issuer: null, undecided: 'The entry is no JSON.', authenticity: 'unverifiable', signedAt: null },
  );
  return { logId: log.id, eventId: event.id };
}

function fillSources(ctx: TestContext) {
  const inForce = JSON.stringify({
    sources: [
      { name: 'hub', folder: './hub' },
      { name: 'drop', directory: './drop' },
    ],
  });
  const { db } = ctx.database;
  db.insert(configState).values({ id: 1, path: 'modeltrail.yaml', inForce, inForceSince: MINT_TIME }).run();
  db.insert(sourceStates)
    .values({
      name: 'hub',
      kind: 'folder',
      location: './hub',
      lastRunAt: MINT_TIME,
      error: 'gone',
      failures: 2,
      result: '{"read":3}',
    })
    .run();
  for (const text of ['{}', 'no JSON', '{"mediaType":1}']) {
    const handed = {
      bytes: Buffer.from(text),
      isLines: false,
      channel: 'upload',
      source: 'browser',
      name: text,
    } as const;
    handInBundles(ctx, handed, standards);
    ctx.tick(1000);
  }
}

function fillFindings({ database: { db } }: TestContext) {
  for (const [i, kind] of (['changed-signer', 'broken-link', 'unsigned-version'] as const).entries()) {
    db.insert(findings)
      .values({
        id: `fnd_${i}`,
        kind,
        modelId: i === 0 ? stableId('model', 'southwind') : 'mdl_gone',
        statement: `Finding ${i}.`,
        evidence: '{"before":"a"}',
        firstAt: MINT_TIME + i,
        resolvedAt: i === 1 ? MINT_TIME + 50 : null,
      })
      .run();
  }
}
