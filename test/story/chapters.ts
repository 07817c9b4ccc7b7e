/** The story in its order. Each chapter says who signs what, and how large the log is by then. */
import { contested } from './contested.ts';
import { firstGeneration } from './first-generation.ts';
import { outsideSigstore } from './outside-sigstore.ts';
import { repairs } from './repairs.ts';
import { secondGeneration } from './second-generation.ts';
import type { Stage } from './stage.ts';

/** Tells the whole story; afterwards both logs stand at their server's last size. */
export async function tell(stage: Stage): Promise<void> {
  await stage.log.keepCheckpoint();
  await stage.olderLog.keepCheckpoint();
  await stage.olderLog.growTo(41);
  await stage.log.growTo(7);
  const first = await firstGeneration(stage);
  const second = await secondGeneration(stage, first);
  await outsideSigstore(stage, second.seals);
  await repairs(stage, second, async () => contested(stage, first.corpus, second.quay));
  await stage.olderLog.growTo(121);
  await stage.log.growTo(2250);
}
