/** Data sets, and 1.x of base, fine-tune and composition: first a chain without a gap, then one signed by hand. */
import { harbourCorpus, quayImages } from './datasets.ts';
import { croissant } from './documents.ts';
import { composition, deploymentManifest, fineTune, pretraining } from './makings.ts';
import { adapter, assistant, base, vision } from './models.ts';
import type { ModelVersion } from './oms.ts';
import { adapterMailbox, baseRelease, dataPipeline, deployment, visionMailbox, visionPipeline } from './signers.ts';
import { attestMaking, closeChapter, type Stage, told } from './stage.ts';

export interface FirstGeneration {
  readonly corpus: ModelVersion;
  readonly base11: ModelVersion;
}

export async function firstGeneration(stage: Stage): Promise<FirstGeneration> {
  const data = await firstDatasets(stage);
  const parts = await firstReleases(stage, data);
  await firstComposition(stage, parts);
  const base11 = await newBase(stage, data.corpus);
  await signedByHand(stage, parts.base10);
  return { corpus: data.corpus, base11 };
}

async function firstDatasets(stage: Stage): Promise<{ corpus: ModelVersion; quay: ModelVersion }> {
  const { stack, recorder, log } = stage;
  recorder.chapter('Port Data signs its data sets');
  const corpus = harbourCorpus('2026-09');
  const corpusRun = dataPipeline(stack, '2026-09', 5_100_001);
  await recorder.signDataset(told('harbour-corpus-2026-09', 'Data set harbour-corpus 2026-09'), corpus, corpusRun);
  const quay = quayImages('2026-08');
  const quayRun = dataPipeline(stack, '2026-08', 5_100_002);
  await recorder.signDataset(told('quay-images-2026-08', 'Data set quay-images 2026-08'), quay, quayRun);
  const address = `https://port-data.example/datasets/${quay.model}/${quay.version}`;
  await recorder.attest(
    told('quay-images-2026-08-croissant', 'Croissant description of quay-images 2026-08'),
    quay,
    quayRun,
    croissant(quay, address),
    'croissant',
  );
  await log.growTo(130);
  return { corpus, quay };
}

async function firstReleases(
  stage: Stage,
  { corpus, quay }: { corpus: ModelVersion; quay: ModelVersion },
): Promise<{ base10: ModelVersion; vision10: ModelVersion }> {
  const { stack, recorder, log } = stage;
  recorder.chapter('The first base model and its fine-tune, with everything they were made of');
  const base10 = base('1.0.0');
  const baseRun = baseRelease(stack, '1.0.0', 20_260_901);
  await recorder.signModel(told('base-1.0.0', 'Base model northwind-base 1.0.0'), base10, baseRun, 'model_signing');
  await log.keepCheckpoint();
  await attestMaking(stage, 'base-1.0.0', base10, baseRun, pretraining(corpus));
  await closeChapter(stage, 256, 300);

  const vision10 = vision('1.0.0', base10);
  const visionRun = visionPipeline(stack, '1.0.0', 7_100_421);
  const what = 'Fine-tune northwind-vision 1.0.0';
  await recorder.signModel(told('vision-1.0.0', what), vision10, visionRun, 'sigstore-js');
  await attestMaking(stage, 'vision-1.0.0', vision10, visionRun, fineTune(base10, quay, 3));
  await closeChapter(stage, 512, 633);
  return { base10, vision10 };
}

async function firstComposition(
  stage: Stage,
  { base10, vision10 }: { base10: ModelVersion; vision10: ModelVersion },
): Promise<void> {
  const { stack, recorder } = stage;
  recorder.chapter('A composition whose chain is whole');
  const deploy = deployment(stack, 'deploy.yml', '1.0.0', 990_001);
  const composed = assistant('1.0.0', [base10, vision10]);
  const what = 'Composition northwind-assistant 1.0.0';
  await recorder.signModel(told('assistant-1.0.0', what), composed, deploy, 'sigstore-js');
  await attestMaking(stage, 'assistant-1.0.0', composed, deploy, composition([base10, vision10]));
  await recorder.signBlob(
    told('manifest-1.0.0', 'Deployment manifest of northwind-assistant 1.0.0'),
    'artifacts/northwind-assistant-1.0.0.yaml',
    deploymentManifest(composed),
    'bundles/northwind-assistant/1.0.0/deployment-manifest.sigstore.json',
    deploy,
  );
  await closeChapter(stage, 790);
}

async function newBase(stage: Stage, corpus: ModelVersion): Promise<ModelVersion> {
  const { stack, recorder } = stage;
  recorder.chapter('A new base model');
  const base11 = base('1.1.0');
  const run = baseRelease(stack, '1.1.0', 20_261_012);
  await recorder.signModel(told('base-1.1.0', 'Base model northwind-base 1.1.0'), base11, run, 'model_signing');
  await attestMaking(stage, 'base-1.1.0', base11, run, pretraining(corpus));
  await closeChapter(stage, 1000);
  return base11;
}

/** A fine-tune signed from a mailbox and without provenance, an adapter that only declares its base, and what was made of both. */
async function signedByHand(stage: Stage, base10: ModelVersion): Promise<void> {
  const { stack, recorder } = stage;
  recorder.chapter('A fine-tune signed by hand, and what was made of it');
  const vision11 = vision('1.1.0', base10);
  const what = 'Fine-tune northwind-vision 1.1.0, signed by hand from a mailbox instead of the pipeline';
  await recorder.signModel(told('vision-1.1.0', what), vision11, visionMailbox(stack), 'model_signing');
  const lora01 = adapter('0.1.0', vision11);
  const adapted = told('lora-0.1.0', 'Adapter northwind-vision-lora 0.1.0');
  await recorder.signModel(adapted, lora01, adapterMailbox(stack), 'model_signing');
  const deploy = deployment(stack, 'deploy.yml', '1.1.0', 990_014);
  const composed = assistant('1.1.0', [base10, vision11, lora01]);
  const composedTold = told('assistant-1.1.0', 'Composition northwind-assistant 1.1.0');
  await recorder.signModel(composedTold, composed, deploy, 'model_signing');
  await attestMaking(stage, 'assistant-1.1.0', composed, deploy, composition([base10, vision11, lora01]));
  await closeChapter(stage, 1024, 1201);
}
