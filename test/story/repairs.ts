/** A composition with an unsigned part, what nobody can explain, and the late signature that mends the chain. */
import { testResult } from './attestations.ts';
import { composition } from './makings.ts';
import { assistant, retrievalIndex } from './models.ts';
import type { ModelVersion } from './oms.ts';
import type { SecondGeneration } from './second-generation.ts';
import { deployment, indexMailbox, releaseBot } from './signers.ts';
import { attestMaking, closeChapter, type Stage, told } from './stage.ts';

/** @param meanwhile what else is told between the break and its repair */
export async function repairs(
  stage: Stage,
  { parts }: SecondGeneration,
  meanwhile: () => Promise<void>,
): Promise<void> {
  const { components, index } = await withUnsignedPart(stage, parts);
  await meanwhile();
  await strangeEntries(stage);
  await olderShard(stage, components);
  await signedLate(stage, index);
}

/** 2.0.0 of the composition takes in an index that nobody has signed: the broken link. */
async function withUnsignedPart(
  stage: Stage,
  parts: readonly ModelVersion[],
): Promise<{ components: readonly ModelVersion[]; index: ModelVersion }> {
  const { stack, recorder } = stage;
  recorder.chapter('A composition with an unsigned part');
  const index = recorder.publishUnsigned(retrievalIndex('2026.10'));
  recorder.declare(index);
  const components = [...parts, index];
  const composed = assistant('2.0.0', components);
  const deploy = deployment(stack, 'deploy.yml', '2.0.0', 990_052);
  const what = 'Composition northwind-assistant 2.0.0, of which a part is unsigned';
  await recorder.signModel(told('assistant-2.0.0', what), composed, deploy, 'sigstore-js');
  await attestMaking(stage, 'assistant-2.0.0', composed, deploy, composition(components));
  const harness = 'https://deploy.example/harness/berth-qa';
  await recorder.attest(
    told('assistant-2.0.0-evaluation', 'Test result of northwind-assistant 2.0.0'),
    composed,
    deployment(stack, 'evaluate.yml', '2.0.0', 990_053),
    testResult(composed, harness, ['berth-qa', 'refusals'], ['tide-tables']),
    'test-result',
  );
  await closeChapter(stage, 1792, 1900);
  return { components, index };
}

async function strangeEntries(stage: Stage): Promise<void> {
  const { stack, recorder } = stage;
  recorder.chapter('Entries that nobody explains');
  await recorder.signAndForget(told('unclaimed', 'Something that nobody has shown'), releaseBot(stack));
  await closeChapter(stage, 2000);
  await recorder.impersonate(
    told('impersonation', 'Something under a self-made certificate that names the deployment workflow'),
    deployment(stack, 'deploy.yml', '2.0.0', 990_052),
    stage.authority,
  );
  await closeChapter(stage, 2176);
}

async function olderShard(stage: Stage, components: readonly ModelVersion[]): Promise<void> {
  const { stack, recorder, olderLog } = stage;
  recorder.chapter('The same composition again, logged in the older shard');
  const composed = assistant('2.1.0', components);
  const deploy = deployment(stack, 'deploy.yml', '2.1.0', 990_077);
  const what = 'Composition northwind-assistant 2.1.0, logged in the older shard';
  await olderLog.growTo(77);
  await recorder.signModelInOlderShard(told('assistant-2.1.0', what), composed, deploy);
  await olderLog.keepCheckpoint();
  await attestMaking(stage, 'assistant-2.1.0', composed, deploy, composition(components));
  await closeChapter(stage, 2200);
}

/** The index is signed after all, by the mailbox of its makers: from here on the compositions' chains are whole. */
async function signedLate(stage: Stage, index: ModelVersion): Promise<void> {
  const { stack, recorder } = stage;
  recorder.chapter('The unsigned part is signed late', 2);
  const what = 'Component northwind-retrieval-index 2026.10, signed after it was composed';
  await recorder.signLate(told('index-2026.10', what), index, indexMailbox(stack));
  await closeChapter(stage);
}
