/** The in-toto statements of the story besides OMS: SLSA provenance v1 and a test result. */
import { sha256 } from './files.ts';
import type { ModelVersion } from './oms.ts';
import type { Signer } from './signers.ts';

export const PROVENANCE_PREDICATE = 'https://slsa.dev/provenance/v1';
export const TEST_RESULT_PREDICATE = 'https://in-toto.io/attestation/test-result/v0.1';

/** An input by name, address and digest, as `resolvedDependencies` lists it. */
export interface Dependency {
  readonly name: string;
  readonly uri: string;
  readonly digest: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A data set that something was trained on, named by the OMS root that its publisher signed. */
export function datasetDependency(publisher: string, version: ModelVersion): Dependency {
  return {
    name: 'training-dataset',
    uri: `https://${publisher}/datasets/${version.model}/${version.version}`,
    digest: { sha256: version.root },
    annotations: { dataset: version.model, version: version.version },
  };
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
  /** For signers that are no pipeline: who ran it, and which run it was. Nothing proves a commit for them, so none is stated. */
  readonly byHand?: { readonly builder: string; readonly invocation: string };
}

/** SLSA provenance of a model version. What the certificate proves of the run is repeated here, so that both can be compared. */
export function provenance(version: ModelVersion, signer: Signer, making: Making, finished: Date): Buffer {
  const { run } = signer;
  const { builder = '', invocation = '' } = making.byHand ?? {};
  const source = run && { repository: run.repository, ref: run.ref, path: run.path };
  const code = run && { name: 'source', uri: `git+${run.repository}@${run.ref}`, digest: { gitCommit: run.commit } };
  const started = new Date(finished.getTime() - 47 * 60_000);
  return statement(version, PROVENANCE_PREDICATE, {
    buildDefinition: {
      buildType: making.buildType,
      externalParameters: { ...(source && { source }), ...making.parameters },
      internalParameters: { environment: making.environment },
      resolvedDependencies: [...(code ? [code] : []), ...making.dependencies],
    },
    runDetails: {
      builder: { id: run === null ? builder : signer.san },
      metadata: {
        invocationId: run?.invocation ?? invocation,
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

/** An in-toto statement whose subject is a model or data set by its OMS root. */
export function statement(version: ModelVersion, predicateType: string, predicate: object): Buffer {
  const subject = [{ name: version.model, digest: { sha256: version.root } }];
  return Buffer.from(JSON.stringify({ _type: 'https://in-toto.io/Statement/v1', subject, predicateType, predicate }));
}

function seconds(time: Date): string {
  return time.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
