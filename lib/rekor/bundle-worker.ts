// One thread of the bundle pool. It is told the rules once a round, then processes bundles until it is ended.
import { parentPort } from 'node:worker_threads';
import { compileRules } from '#lib/watch/rule.ts';
import { REKOR_V2 } from './entry-format.ts';
import { LogDataError, type LogDataErrorCode } from './log-data-error.ts';
import { nodeSha256 } from './node-sha256.ts';
import { ownedBy } from './owned-memory.ts';
import { type PoolProgram, PROGRAMS_KEPT } from './pool-program.ts';
import { type BundleTask, type Pick, type ProcessedBundle, pickedBy, processBundle } from './process-bundle.ts';

export type WorkerRequest = PoolProgram | { readonly program: number; readonly id: number; readonly task: BundleTask };

export type WorkerAnswer =
  | { readonly ready: true }
  | { readonly id: number; readonly processed: ProcessedBundle }
  | {
      readonly id: number;
      readonly refused: { readonly code: LogDataErrorCode; readonly message: string } | null;
      readonly failure: string;
    };

const programs = new Map<number, Pick>();

parentPort?.on('message', (request: WorkerRequest) => {
  if ('rules' in request) load(request);
  else {
    const answered = answer(request);
    parentPort?.postMessage(answered, 'processed' in answered ? ownedBy(answered.processed.bytes) : []);
  }
});

parentPort?.postMessage({ ready: true } satisfies WorkerAnswer);

function load({ program, rules, awaited }: PoolProgram): void {
  programs.set(program, pickedBy({ format: REKOR_V2, matcher: compileRules(rules, nodeSha256), awaited }));
  programs.delete(program - PROGRAMS_KEPT);
}

function answer({ program, id, task }: Extract<WorkerRequest, { task: unknown }>): WorkerAnswer {
  try {
    const pick = programs.get(program);
    if (!pick) throw new Error(`program ${program} is over`);
    return { id, processed: processBundle(task, pick) };
  } catch (error) {
    const refused = error instanceof LogDataError ? { code: error.code, message: error.message } : null;
    return { id, refused, failure: error instanceof Error ? error.message : String(error) };
  }
}
