/** The story in its order: who signs what, and how large the log is by then. */
import type { X509Certificate } from 'node:crypto';
import { type Making, provenance, testResult } from './attestations.ts';
import type { LogRecorder } from './log-recorder.ts';
import {
  adapterTraining,
  composition,
  deploymentManifest,
  fineTune,
  pretraining,
  QUAY_2026_08,
  QUAY_2026_10,
  weightsOf,
} from './makings.ts';
import { adapter, assistant, base, retrievalIndex, vision } from './models.ts';
import type { ModelVersion } from './oms.ts';
import type { Recorder } from './recorder.ts';
import {
  adapterMailbox,
  baseRelease,
  deployment,
  releaseBot,
  type Signer,
  visionMailbox,
  visionPipeline,
} from './signers.ts';
import type { Stack } from './stack.ts';

export interface Stage {
  readonly stack: Stack;
  readonly recorder: Recorder;
  readonly log: LogRecorder;
  readonly olderLog: LogRecorder;
  /** Fulcio's intermediate CA, for the forgery to imitate. */
  readonly authority: X509Certificate;
  /** Waits between two chapters. */
  readonly pause: () => Promise<void>;
}

/** Tells the whole story; afterwards both logs stand at their server's last size. */
export async function tell(stage: Stage): Promise<void> {
  await stage.log.keepCheckpoint();
  await stage.olderLog.keepCheckpoint();
  await stage.olderLog.growTo(41);
  await stage.log.growTo(7);
  await stage.log.growTo(130);
  const first = await firstReleases(stage);
  const base11 = await newBase(stage);
  await signedByHand(stage, first);
  const vision12 = await newFineTune(stage, base11);
  const lora02 = await newAdapter(stage, base11, vision12);
  const composed = await withUnsignedPart(stage, [base11, vision12, lora02]);
  await strangeEntries(stage);
  await olderShard(stage, composed);
}

/** 1.0.0 of base, fine-tune and composition: a chain without a gap. */
async function firstReleases(stage: Stage): Promise<{ base10: ModelVersion; vision10: ModelVersion }> {
  const { stack, recorder, log } = stage;
  const base10 = base('1.0.0');
  const baseRun = baseRelease(stack, '1.0.0', 20_260_901);
  await recorder.signModel(told('base-1.0.0', 'Base model northwind-base 1.0.0'), base10, baseRun, 'model_signing');
  await log.keepCheckpoint();
  await growOver(stage, 256, 300);

  const vision10 = vision('1.0.0', base10);
  const visionRun = visionPipeline(stack, '1.0.0', 7_100_421);
  await recorder.signModel(
    told('vision-1.0.0', 'Fine-tune northwind-vision 1.0.0'),
    vision10,
    visionRun,
    'sigstore-js',
  );
  await attest(recorder, 'vision-1.0.0', vision10, visionRun, fineTune(base10, QUAY_2026_08, 3));
  await log.keepCheckpoint();
  await growOver(stage, 512, 633);

  const deploy = deployment(stack, 'deploy.yml', '1.0.0', 990_001);
  const assistant10 = assistant('1.0.0', [base10, vision10]);
  await recorder.signModel(
    told('assistant-1.0.0', 'Composition northwind-assistant 1.0.0'),
    assistant10,
    deploy,
    'sigstore-js',
  );
  await attest(recorder, 'assistant-1.0.0', assistant10, deploy, composition([base10, vision10]));
  await recorder.signBlob(
    told('manifest-1.0.0', 'Deployment manifest of northwind-assistant 1.0.0'),
    'artifacts/northwind-assistant-1.0.0.yaml',
    deploymentManifest(assistant10),
    'bundles/northwind-assistant/1.0.0/deployment-manifest.sigstore.json',
    deploy,
  );
  await log.keepCheckpoint();
  await growOver(stage, 790);
  return { base10, vision10 };
}

async function newBase({ stack, recorder, log, ...stage }: Stage): Promise<ModelVersion> {
  const base11 = base('1.1.0');
  const run = baseRelease(stack, '1.1.0', 20_261_012);
  await recorder.signModel(told('base-1.1.0', 'Base model northwind-base 1.1.0'), base11, run, 'model_signing');
  await attest(recorder, 'base-1.1.0', base11, run, pretraining());
  await log.keepCheckpoint();
  await growOver({ stack, recorder, log, ...stage }, 1000);
  return base11;
}

/** A fine-tune signed from a mailbox and without provenance, an adapter that only declares its base, and what was made of both. */
async function signedByHand(stage: Stage, { base10 }: { base10: ModelVersion }): Promise<void> {
  const { stack, recorder, log } = stage;
  const vision11 = vision('1.1.0', base10);
  await recorder.signModel(
    told('vision-1.1.0', 'Fine-tune northwind-vision 1.1.0, signed by hand from a mailbox instead of the pipeline'),
    vision11,
    visionMailbox(stack),
    'model_signing',
  );
  const lora01 = adapter('0.1.0', vision11);
  const publisher = adapterMailbox(stack);
  await recorder.signModel(
    told('lora-0.1.0', 'Adapter northwind-vision-lora 0.1.0'),
    lora01,
    publisher,
    'model_signing',
  );
  const deploy = deployment(stack, 'deploy.yml', '1.1.0', 990_014);
  const assistant11 = assistant('1.1.0', [base10, vision11, lora01]);
  await recorder.signModel(
    told('assistant-1.1.0', 'Composition northwind-assistant 1.1.0'),
    assistant11,
    deploy,
    'model_signing',
  );
  await attest(recorder, 'assistant-1.1.0', assistant11, deploy, composition([base10, vision11, lora01]));
  await log.keepCheckpoint();
  await growOver(stage, 1024, 1201);
}

async function newFineTune(stage: Stage, base11: ModelVersion): Promise<ModelVersion> {
  const { stack, recorder, log } = stage;
  await recorder.signWithBareKey(told('bare-key', 'Something under a bare public key'));
  const vision12 = vision('1.2.0', base11);
  const run = visionPipeline(stack, '1.2.0', 7_188_930);
  await recorder.signModel(told('vision-1.2.0', 'Fine-tune northwind-vision 1.2.0'), vision12, run, 'model_signing');
  await attest(recorder, 'vision-1.2.0', vision12, run, fineTune(base11, QUAY_2026_10, 5));
  await log.keepCheckpoint();
  await growOver(stage, 1391);
  return vision12;
}

async function newAdapter(stage: Stage, base11: ModelVersion, vision12: ModelVersion): Promise<ModelVersion> {
  const { stack, recorder, log } = stage;
  const lora02 = adapter('0.2.0', vision12);
  const publisher = adapterMailbox(stack);
  await recorder.signModel(
    told('lora-0.2.0', 'Adapter northwind-vision-lora 0.2.0'),
    lora02,
    publisher,
    'model_signing',
  );
  await attest(recorder, 'lora-0.2.0', lora02, publisher, adapterTraining(vision12));
  await recorder.signBlob(
    told('mirrored-weights', 'Mirrored weights of northwind-base 1.1.0, as a single file'),
    'artifacts/northwind-base-1.1.0.safetensors',
    weightsOf(base11),
    'bundles/northwind-base/1.1.0/mirrored-weights.sigstore.json',
    releaseBot(stack),
  );
  await log.keepCheckpoint();
  await growOver(stage, 1620);
  return lora02;
}

/** 2.0.0 of the composition takes in an index that nobody has signed: the broken link. */
async function withUnsignedPart(stage: Stage, signed: readonly ModelVersion[]): Promise<readonly ModelVersion[]> {
  const { stack, recorder, log } = stage;
  const index = recorder.publish(retrievalIndex('2026.10'), false);
  recorder.declare(index);
  const components = [...signed, index];
  const composed = assistant('2.0.0', components);
  const deploy = deployment(stack, 'deploy.yml', '2.0.0', 990_052);
  await recorder.signModel(
    told('assistant-2.0.0', 'Composition northwind-assistant 2.0.0'),
    composed,
    deploy,
    'sigstore-js',
  );
  await attest(recorder, 'assistant-2.0.0', composed, deploy, composition(components));
  const harness = 'https://deploy.example/harness/berth-qa';
  await recorder.attest(
    told('assistant-2.0.0-evaluation', 'Test result of northwind-assistant 2.0.0'),
    composed,
    deployment(stack, 'evaluate.yml', '2.0.0', 990_053),
    testResult(composed, harness, ['berth-qa', 'refusals'], ['tide-tables']),
    'test-result',
  );
  await log.keepCheckpoint();
  await growOver(stage, 1792, 1900);
  return components;
}

async function strangeEntries(stage: Stage): Promise<void> {
  const { stack, recorder, log } = stage;
  await recorder.signAndForget(told('unclaimed', 'Something that nobody has shown'), releaseBot(stack));
  await log.keepCheckpoint();
  await growOver(stage, 2000);
  await recorder.impersonate(
    told('impersonation', 'Something under a self-made certificate that names the deployment workflow'),
    deployment(stack, 'deploy.yml', '2.0.0', 990_052),
    stage.authority,
  );
  await log.keepCheckpoint();
  await growOver(stage, 2176);
}

async function olderShard(stage: Stage, components: readonly ModelVersion[]): Promise<void> {
  const { stack, recorder, log, olderLog } = stage;
  const composed = assistant('2.1.0', components);
  const deploy = deployment(stack, 'deploy.yml', '2.1.0', 990_077);
  const what = 'Composition northwind-assistant 2.1.0, logged in the older shard';
  await olderLog.growTo(77);
  await recorder.signModelInOlderShard(told('assistant-2.1.0', what), composed, deploy);
  await olderLog.keepCheckpoint();
  await attest(recorder, 'assistant-2.1.0', composed, deploy, composition(components));
  await log.keepCheckpoint();
  await stage.pause();
  await olderLog.growTo(121);
  await log.growTo(2250);
}

async function growOver(stage: Stage, ...sizes: readonly number[]): Promise<void> {
  await stage.pause();
  for (const size of sizes) await stage.log.growTo(size);
}

async function attest(
  recorder: Recorder,
  id: string,
  version: ModelVersion,
  signer: Signer,
  making: Making,
): Promise<void> {
  const statement = provenance(version, signer, making, new Date());
  const what = `Provenance of ${version.model} ${version.version}`;
  await recorder.attest(told(`${id}-provenance`, what), version, signer, statement, 'provenance');
}

function told(id: string, what: string): { id: string; what: string } {
  return { id, what };
}
