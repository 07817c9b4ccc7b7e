/** The in-toto statements of the story besides OMS: SLSA provenance v1 and a test result. */
import { createHash } from 'node:crypto';
import { sha256 } from './files.ts';
import type { ModelVersion } from './oms.ts';
import type { Run, Signer } from './signers.ts';

export const PROVENANCE_PREDICATE = 'https://slsa.dev/provenance/v1';
export const TEST_RESULT_PREDICATE = 'https://in-toto.io/attestation/test-result/v0.1';

/** An input by name, address and digest, as `resolvedDependencies` lists it. */
export interface Dependency {
  readonly name: string;
  readonly uri: string;
  readonly digest: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A data set of the story; its digest follows from its address. */
export function dataset(uri: string): Dependency {
  return { name: 'training-dataset', uri, digest: { sha256: sha256(`data set ${uri}`) } };
}

/** A model that went into another, named by its OMS root. `role`: `base-model` or `component`. */
export function modelDependency(role: string, publisher: string, version: ModelVersion): Dependency {
  return {
    name: role,
    uri: `https://${publisher}/models/${version.model}/${version.version}`,
    digest: { sha256: version.root },
    annotations: { model: version.model, version: version.version },
  };
}

export interface Making {
  readonly buildType: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, unknown>>;
  readonly dependencies: readonly Dependency[];
  /** For signers that are no pipeline: who ran it, where from, and which commit of which repository. */
  readonly byHand?: { readonly builder: string; readonly invocation: string; readonly repository: string };
}

/** SLSA provenance of a model version. What the certificate proves of the run is repeated here, so that both can be compared. */
export function provenance(version: ModelVersion, signer: Signer, making: Making, finished: Date): Buffer {
  const run = signer.run ?? runByHand(version, making);
  const source = { repository: run.repository, ref: run.ref, path: run.path };
  const started = new Date(finished.getTime() - 47 * 60_000);
  return statement(version, PROVENANCE_PREDICATE, {
    buildDefinition: {
      buildType: making.buildType,
      externalParameters: { source, ...making.parameters },
      internalParameters: { environment: making.environment },
      resolvedDependencies: [
        { name: 'source', uri: `git+${run.repository}@${run.ref}`, digest: { gitCommit: run.commit } },
        ...making.dependencies,
      ],
    },
    runDetails: {
      builder: { id: signer.run === null ? (making.byHand?.builder ?? '') : signer.san },
      metadata: {
        invocationId: run.invocation,
        startedOn: seconds(started),
        finishedOn: seconds(finished),
      },
      byproducts: [
        { name: 'metrics.jsonl', digest: { sha256: sha256(`metrics ${version.model} ${version.version}`) } },
      ],
    },
  });
}

/** An in-toto test result over a model version. */
export function testResult(
  version: ModelVersion,
  harness: string,
  passed: readonly string[],
  failed: readonly string[],
): Buffer {
  return statement(version, TEST_RESULT_PREDICATE, {
    result: failed.length === 0 ? 'PASSED' : 'FAILED',
    configuration: [{ name: 'harness', uri: harness, digest: { sha256: sha256(`harness ${harness}`) } }],
    url: 'https://deploy.example/evaluations',
    passedTests: passed,
    warnedTests: [],
    failedTests: failed,
  });
}

function statement(version: ModelVersion, predicateType: string, predicate: object): Buffer {
  const subject = [{ name: version.model, digest: { sha256: version.root } }];
  return Buffer.from(JSON.stringify({ _type: 'https://in-toto.io/Statement/v1', subject, predicateType, predicate }));
}

function runByHand(version: ModelVersion, making: Making): Run {
  if (making.byHand === undefined) throw new Error(`${version.model}: no pipeline, and nobody who made it by hand`);
  const { repository, invocation } = making.byHand;
  const ref = `refs/tags/v${version.version}`;
  const commit = createHash('sha1').update(`${repository} ${ref}`).digest('hex');
  return { repository, commit, ref, path: 'train.py', invocation };
}

function seconds(time: Date): string {
  return time.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
