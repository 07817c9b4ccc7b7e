import { hash } from 'node:crypto';
import { parseConfig } from '#lib/config/load.ts';
import { readHashList } from '#lib/hash-list/read.ts';
import { modelStatement } from '#lib/model-signing/payload.ts';
import { compilePolicies } from '#lib/provenance/expected-signer.ts';
import { type IngestResult, ingestBundle } from '#lib/services/bundle/ingest.ts';
import { getLevel } from '#lib/services/level/get-level.ts';
import { recordDelivery } from '#lib/services/source/deliver.ts';
import { verifyHashList } from '#lib/services/verification/verify.ts';
import { mintFileInForce } from '#test/state-factories.ts';
import { openContext } from '#test/support/context.ts';
import { standardsOf } from '#test/support/standards.ts';
import { COMMIT, EXTENSIONS, REPOSITORY, RUN, WORKFLOW, WORKFLOW_COMMIT } from '#test/unit/provenance/ml-level/mint.ts';
import { type Json, MintedSigstore } from '#test/unit/sigstore/mint-bundle.ts';
import { T0 } from '#test/unit/sigstore/mint-certificate.ts';
import { email, uri } from '#test/unit/watch/der-builder.ts';

// A pipeline that signs models and their provenance with a Sigstore of its own, taken in by the way that bundles go in.

const PIPELINE = { san: uri(WORKFLOW), issuer: 'https://token.actions.githubusercontent.com' };
const mailbox = (address: string) => ({ san: email(address), issuer: 'https://accounts.models.example' });
export const DATA_MAKER = mailbox('data@models.example');
export const EVALUATOR = mailbox('evaluation@lab.example');
export const FORGE = mailbox('source@forge.example');
export const STRANGER = mailbox('stranger@elsewhere.example');
const IMAGE = Buffer.from('a container image');

/** A builder that is accepted at level 3, and what else the highest level asks of a configuration. */
export const CONFIGURATION = `organisation: { name: Models Example, contact: security@models.example }
models:
  - name: Vision models
    models: { glob: vision-* }
    signers: [{ identity: '${WORKFLOW}', issuer: '${PIPELINE.issuer}' }]
    attesters: [{ identity: evaluation@lab.example, issuer: 'https://accounts.models.example' }]
builders:
  trusted:
    - name: Training pipeline
      id: ${WORKFLOW}
      identity: ${WORKFLOW}
      issuer: ${PIPELINE.issuer}
      level: 3
      workflow: ${WORKFLOW}
      workflow-commits: [${WORKFLOW_COMMIT}]
      parameters: [source, base_model]
  source-verifiers:
    - { name: Forge, id: 'https://forge.example/verifier', identity: source@forge.example, issuer: 'https://accounts.models.example' }
`;

type Signer = typeof PIPELINE;

export interface LevelScene {
  readonly ctx: ReturnType<typeof openContext>;
  /** Puts another configuration in force. */
  configure(yaml: string): void;
  sign(payload: Buffer, signer?: Signer): Json;
  take(bundle: Json): string;
  /** That a source found the bundle beside the model. */
  deliver(bundle: Json, channel?: 'folder' | 'directory'): void;
  signModel(name: string, signer?: Signer): { readonly bundle: Json; readonly root: string };
  /** A program hands in the hashes of all files of a model. */
  check(name: string, channel?: 'api' | 'browser'): void;
  level(name: string): ReturnType<typeof getLevel>;
}

export function openLevelScene(configuration = CONFIGURATION): LevelScene {
  const ctx = openContext();
  const sigstore = new MintedSigstore();
  ctx.tick(T0 + 3_600_000 - ctx.now());
  let policies = compilePolicies([]);
  const standards = () => standardsOf(Buffer.from(JSON.stringify(sigstore.trustedRoot)), { policies });
  const configure = (yaml: string) => {
    mintFileInForce(ctx, yaml);
    policies = compilePolicies(parseConfig(Buffer.from(yaml), 'm.yaml').config.models);
  };
  configure(configuration);
  let index = 1;
  const next = () => ({ index: 2 ** ++index, at: T0 + 30_000 + index * 1000 });
  const bytesOf = (bundle: Json) => Buffer.from(JSON.stringify(bundle));
  const sign = (payload: Buffer, { san, issuer }: Signer = PIPELINE): Json => {
    const leaf = sigstore.leaf({
      sans: [san],
      oidcIssuer: issuer,
      ...(san === PIPELINE.san && { fulcio: EXTENSIONS }),
    });
    return sigstore.bundle({ log: 'v2', payload, leaf, ...next() });
  };
  const take = (bundle: Json): string => {
    const taken: IngestResult = ingestBundle(ctx, bytesOf(bundle), standards());
    if (taken.outcome === 'refused') throw new Error(taken.reason);
    return taken.bundleId;
  };
  // The training image is signed like any file.
  take(sigstore.bundle({ log: 'v2', message: IMAGE, leaf: sigstore.leaf(), ...next() }));
  return {
    ctx,
    configure,
    sign,
    take,
    deliver: (bundle, channel = 'folder') => {
      const bytes = bytesOf(bundle);
      recordDelivery(ctx, {
        channel,
        source: channel,
        path: hash('sha256', bytes),
        size: bytes.length,
        modifiedAt: 0,
        sha256: hash('sha256', bytes),
        outcome: 'accepted',
        bundleId: take(bundle),
      });
    },
    signModel: (name, signer) => {
      const bundle = sign(manifestOf(name), signer);
      const statement = JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString());
      take(bundle);
      return { bundle, root: statement.subject[0].digest.sha256 };
    },
    check: (name, channel = 'api') => {
      ctx.tick(1000);
      const list = readHashList(
        Buffer.from(
          filesOf(name)
            .map(({ name: path, digest }) => `${digest}  ${path}\n`)
            .join(''),
        ),
      );
      verifyHashList(ctx, { list, channel, source: 'gate', place: null, expect: null }, standards());
    },
    level: (name) => getLevel(ctx.database, { model: name, version: null }),
  };
}

function filesOf(name: string) {
  return ['config.json', 'weights'].map((path) => ({
    name: path,
    algorithm: 'sha256' as const,
    digest: hash('sha256', `${name} ${path}`),
  }));
}

function manifestOf(name: string): Buffer {
  const resources = filesOf(name);
  return Buffer.from(
    modelStatement({ name, hashType: 'sha256', shardSize: null, allowSymlinks: false, resources, ignorePaths: [] }),
  );
}

export function statementOf(name: string, digest: object, predicateType: string, predicate: object): Buffer {
  const subject = [{ name, digest }];
  return Buffer.from(JSON.stringify({ _type: 'https://in-toto.io/Statement/v1', subject, predicateType, predicate }));
}

interface Made {
  readonly name: string;
  readonly root: string;
  readonly dataset: string;
  /** Null where it is trained from nothing. */
  readonly base: string | null;
}

/** Provenance as a good pipeline states it. */
export function provenanceOf({ name, root, dataset, base }: Made): Buffer {
  const source = { repository: REPOSITORY, ref: 'refs/tags/v1.0.0', path: 'train.py' };
  const builder = {
    id: WORKFLOW,
    trainers_gpuExclusive: true,
    trainers_networkEgress: 'none',
    trainers_interactiveAccess: false,
    trainers_dependenciesComplete: true,
  };
  const environment = { gpu: 'H100', driver: '570', torch: '2.11', seed: 17, deterministic: true };
  return statementOf(name, { sha256: root }, 'https://slsa.dev/provenance/v1', {
    buildDefinition: {
      buildType: 'https://trainers.example/buildtypes/train/v1',
      externalParameters: { source, ...(base === null && { base_model: 'none' }) },
      internalParameters: { environment },
      resolvedDependencies: [
        { name: 'training-code', uri: `git+${REPOSITORY}@refs/tags/v1.0.0`, digest: { gitCommit: COMMIT } },
        {
          name: 'training-config',
          uri: `git+${REPOSITORY}#train.yaml`,
          digest: { gitCommit: COMMIT, sha256: 'cf'.repeat(32) },
        },
        { name: 'training-dataset', uri: 'https://data.example/quay', digest: { sha256: dataset } },
        ...(base === null
          ? []
          : [{ name: 'base-model', uri: 'https://models.example/base', digest: { sha256: base } }]),
        { name: 'training-image', uri: 'oci://registry.example/train', digest: { sha256: hash('sha256', IMAGE) } },
      ],
    },
    runDetails: {
      builder,
      metadata: {
        invocationId: RUN,
        startedOn: new Date(T0 - 600_000).toISOString(),
        finishedOn: new Date(T0).toISOString(),
      },
      byproducts: [{ name: 'metrics.jsonl', digest: { sha256: '3e'.repeat(32) } }],
    },
  });
}
