/** The second fine-tune and adapter, with a bill of materials and a test result by somebody else. */
import { testResult } from './attestations.ts';
import { containerSeals, quayImages } from './datasets.ts';
import { modelBom } from './documents.ts';
import type { FirstGeneration } from './first-generation.ts';
import { adapterTraining, fineTune, weightsOf } from './makings.ts';
import { adapter, vision } from './models.ts';
import type { ModelVersion } from './oms.ts';
import { adapterMailbox, dataPipeline, evaluator, releaseBot, visionPipeline } from './signers.ts';
import { attestMaking, closeChapter, type Stage, told } from './stage.ts';

export interface SecondGeneration {
  readonly quay: ModelVersion;
  readonly seals: ModelVersion;
  /** What goes into the next composition. */
  readonly parts: readonly ModelVersion[];
}

export async function secondGeneration(stage: Stage, { base11 }: FirstGeneration): Promise<SecondGeneration> {
  const { quay, vision12 } = await newFineTune(stage, base11);
  const { seals, lora02 } = await newAdapter(stage, base11, vision12);
  return { quay, seals, parts: [base11, vision12, lora02] };
}

async function newFineTune(
  stage: Stage,
  base11: ModelVersion,
): Promise<{ quay: ModelVersion; vision12: ModelVersion }> {
  const { stack, recorder } = stage;
  recorder.chapter('A fine-tune with a bill of materials, tested by somebody else');
  await recorder.signWithBareKey(told('bare-key', 'Something under a bare public key'));
  const quay = quayImages('2026-10');
  const released = dataPipeline(stack, '2026-10', 5_100_003);
  await recorder.signDataset(told('quay-images-2026-10', 'Data set quay-images 2026-10'), quay, released);
  const vision12 = vision('1.2.0', base11);
  const run = visionPipeline(stack, '1.2.0', 7_188_930);
  await recorder.signModel(told('vision-1.2.0', 'Fine-tune northwind-vision 1.2.0'), vision12, run, 'model_signing');
  await attestMaking(stage, 'vision-1.2.0', vision12, run, fineTune(base11, quay, 5));
  await recorder.attest(
    told('vision-1.2.0-sbom', 'Bill of materials of northwind-vision 1.2.0'),
    vision12,
    run,
    modelBom(vision12, base11, quay, '0.942'),
    'sbom',
  );
  await recorder.attest(
    told('vision-1.2.0-evaluation', 'Test result of northwind-vision 1.2.0, by an evaluator of its own'),
    vision12,
    evaluator(stack, '2026.10', 3_310_007),
    testResult(vision12, 'https://harbour-trials.example/harness/quay', ['quay-recall', 'night-images'], []),
    'test-result',
  );
  await closeChapter(stage, 1391);
  return { quay, vision12 };
}

async function newAdapter(
  stage: Stage,
  base11: ModelVersion,
  vision12: ModelVersion,
): Promise<{ seals: ModelVersion; lora02: ModelVersion }> {
  const { stack, recorder } = stage;
  recorder.chapter('An adapter with provenance');
  const seals = containerSeals('2026-10');
  const released = dataPipeline(stack, '2026-10.1', 5_100_004);
  await recorder.signDataset(told('container-seals-2026-10', 'Data set container-seals 2026-10'), seals, released);
  const lora02 = adapter('0.2.0', vision12);
  const publisher = adapterMailbox(stack);
  const what = 'Adapter northwind-vision-lora 0.2.0';
  await recorder.signModel(told('lora-0.2.0', what), lora02, publisher, 'model_signing');
  await attestMaking(stage, 'lora-0.2.0', lora02, publisher, adapterTraining(vision12, seals, 'lora-0.2.0'));
  await recorder.signBlob(
    told('mirrored-weights', 'Mirrored weights of northwind-base 1.1.0, as a single file'),
    'artifacts/northwind-base-1.1.0.safetensors',
    weightsOf(base11),
    'bundles/northwind-base/1.1.0/mirrored-weights.sigstore.json',
    releaseBot(stack),
  );
  await stage.log.keepCheckpoint();
  return { seals, lora02 };
}
