// One thread of the bundle pool. It is told the rules once a round, then processes bundles until it is ended.
import { parentPort } from 'node:worker_threads';
import type { Matcher } from '#lib/watch/match.ts';
import { compileRules, type WatchRule } from '#lib/watch/rule.ts';
import { LogDataError, type LogDataErrorCode } from './log-data-error.ts';
import { nodeSha256 } from './node-sha256.ts';
import { awaitedBy, type BundleTask, type ProcessedBundle, processBundle } from './process-bundle.ts';

export type WorkerRequest =
  | { readonly program: number; readonly rules: readonly WatchRule[]; readonly awaited: ReadonlySet<string> }
  | { readonly program: number; readonly id: number; readonly task: BundleTask };

export type WorkerAnswer =
  | { readonly ready: true }
  | { readonly id: number; readonly processed: ProcessedBundle }
  | {
      readonly id: number;
      readonly refused: { readonly code: LogDataErrorCode; readonly message: string } | null;
      readonly failure: string;
    };

interface Program {
  readonly matcher: Matcher;
  readonly isAwaited: (leafHash: Uint8Array) => boolean;
}

/** Rounds of several logs may be under way at once; older programs than these are over. */
const PROGRAMS_KEPT = 64;

const programs = new Map<number, Program>();

parentPort?.on('message', (request: WorkerRequest) => {
  if ('rules' in request) load(request);
  else parentPort?.postMessage(answer(request));
});

parentPort?.postMessage({ ready: true } satisfies WorkerAnswer);

function load({ program, rules, awaited }: Extract<WorkerRequest, { rules: unknown }>): void {
  programs.set(program, { matcher: compileRules(rules, nodeSha256), isAwaited: awaitedBy(awaited) });
  programs.delete(program - PROGRAMS_KEPT);
}

function answer({ program, id, task }: Extract<WorkerRequest, { task: unknown }>): WorkerAnswer {
  try {
    const loaded = programs.get(program);
    if (!loaded) throw new Error(`program ${program} is over`);
    return { id, processed: processBundle(task, loaded.matcher, loaded.isAwaited) };
  } catch (error) {
    const refused = error instanceof LogDataError ? { code: error.code, message: error.message } : null;
    return { id, refused, failure: error instanceof Error ? error.message : String(error) };
  }
}
