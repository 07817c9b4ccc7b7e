/** What somebody says of others' models, and what a pipeline says that its own certificate contradicts. */
import { createHash } from 'node:crypto';
import { provenance } from './attestations.ts';
import { fineTune, pretraining, slander } from './makings.ts';
import { base, vision } from './models.ts';
import type { ModelVersion } from './oms.ts';
import { baseRelease, claimingCommit, stranger, visionPipeline } from './signers.ts';
import { attestMaking, closeChapter, type Stage, told } from './stage.ts';

export async function contested(stage: Stage, corpus: ModelVersion, quay: ModelVersion): Promise<void> {
  const { stack, recorder } = stage;
  recorder.chapter('A stranger speaks of a base model, and a provenance contradicts its certificate');
  const base12 = base('1.2.0');
  const run = baseRelease(stack, '1.2.0', 20_261_101);
  await recorder.signModel(told('base-1.2.0', 'Base model northwind-base 1.2.0'), base12, run, 'model_signing');
  await attestMaking(stage, 'base-1.2.0', base12, run, pretraining(corpus));
  const nobody = stranger(stack);
  await recorder.attest(
    told('base-1.2.0-stranger', 'Provenance of northwind-base 1.2.0 by a stranger, who claims a poisoned base'),
    base12,
    nobody,
    provenance(base12, nobody, slander(), new Date()),
    'stranger',
  );
  const vision13 = vision('1.3.0', base12);
  const job = visionPipeline(stack, '1.3.0', 7_201_544);
  const another = createHash('sha1').update('a commit that the job did not build').digest('hex');
  await recorder.signModel(told('vision-1.3.0', 'Fine-tune northwind-vision 1.3.0'), vision13, job, 'model_signing');
  const making = fineTune(base12, quay, 6);
  await attestMaking(stage, 'vision-1.3.0', vision13, job, making, claimingCommit(job, another));
  await closeChapter(stage);
}
