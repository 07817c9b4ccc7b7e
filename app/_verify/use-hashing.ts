'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { fileList } from '#lib/browser/file-list.ts';
import { createHashWorker, hashFiles, workerCount } from '#lib/browser/hash-pool.ts';
import { HashingRun, type HashingView } from '#lib/browser/hashing-run.ts';
import { type LeftOut, leaveOut } from '#lib/browser/leave-out.ts';
import { PickError, type Picked, type PickProblem } from '#lib/browser/picked-file.ts';
import { writeModeltrailManifest } from '#lib/hash-list/modeltrail-manifest.ts';
import { type ListRoots, rootsOfList } from '#lib/hash-list/roots-of-list.ts';
import type { HashChoice } from './hash-choice.ts';

/** What was hashed and is to be sent. */
export interface Hashed {
  readonly name: string | null;
  readonly files: number;
  readonly bytes: number;
  /** Milliseconds that hashing took. */
  readonly took: number;
  readonly choice: HashChoice;
  /** All that is sent. */
  readonly json: string;
  readonly roots: ListRoots | null;
  readonly leftOut: readonly LeftOut[];
  readonly problems: readonly PickProblem[];
}

export type Step =
  | { readonly kind: 'choose'; readonly problem: string | null }
  | { readonly kind: 'reading' }
  | { readonly kind: 'hashing'; readonly view: HashingView; readonly leftOut: readonly LeftOut[] }
  | { readonly kind: 'review'; readonly hashed: Hashed };

export interface Hashing {
  readonly step: Step;
  readonly start: (pick: () => Picked | Promise<Picked>, choice: HashChoice) => Promise<void>;
  readonly cancel: () => void;
}

/** Views a second: more than that nobody reads, and each costs the page a drawing. */
const VIEW_EVERY = 120;

/** Takes files through reading and hashing to what is to be sent. A new start or leaving the page ends the one before. */
export function useHashing(): Hashing {
  const [step, setStep] = useState<Step>({ kind: 'choose', problem: null });
  const control = useRef<AbortController | null>(null);
  useEffect(() => () => control.current?.abort(), []);

  const start = useCallback(async (pick: () => Picked | Promise<Picked>, choice: HashChoice) => {
    control.current?.abort();
    const own = new AbortController();
    control.current = own;
    setStep({ kind: 'reading' });
    try {
      const picked = await pick();
      own.signal.throwIfAborted();
      const hashed = await hashPicked(picked, choice, own.signal, setStep);
      if (!own.signal.aborted) setStep({ kind: 'review', hashed });
    } catch (error) {
      if (!own.signal.aborted) setStep({ kind: 'choose', problem: messageOf(error) });
    }
  }, []);

  const cancel = useCallback(() => {
    control.current?.abort();
    setStep({ kind: 'choose', problem: null });
  }, []);

  return { step, start, cancel };
}

async function hashPicked(
  picked: Picked,
  choice: HashChoice,
  signal: AbortSignal,
  show: (step: Step) => void,
): Promise<Hashed> {
  const { files, leftOut } = leaveOut(picked.files, choice.leaveOut, choice.leavesOutGit);
  if (files.length === 0) throw new PickError(emptyReason(picked));
  const begun = performance.now();
  const run = new HashingRun(files, begun);
  const draw = () => show({ kind: 'hashing', view: run.view(performance.now()), leftOut });
  draw();
  // Through a frame: a page that nobody looks at is not drawn, and is hashed as fast.
  let isOver = false;
  const timer = window.setInterval(() => requestAnimationFrame(() => isOver || signal.aborted || draw()), VIEW_EVERY);
  const { hashType, shardSize } = choice;
  try {
    const outcomes = await hashFiles(files, {
      hashType,
      shardSize,
      workers: workerCount(),
      createWorker: createHashWorker,
      signal,
      onProgress: (index, bytes) => run.advance(index, bytes, performance.now()),
      onFile: (index, outcome) => run.finish(index, outcome, performance.now()),
    });
    const failed = outcomes.flatMap((outcome, i) =>
      'reason' in outcome ? [{ path: files[i]?.path ?? '', reason: outcome.reason }] : [],
    );
    const paths = leftOut.map(({ rule }) => rule.path);
    const list = fileList({ name: picked.name, hashType, shardSize, files, outcomes, leftOut: paths });
    if (list.files.length === 0) throw new PickError(`No file could be hashed. ${failed[0]?.reason ?? ''}`);
    return {
      name: picked.name,
      files: list.files.length,
      bytes: list.files.reduce((total, { size }) => total + (size ?? 0), 0),
      took: performance.now() - begun,
      choice,
      json: writeModeltrailManifest(list),
      roots: rootsOfList(list),
      leftOut,
      problems: [...picked.problems, ...failed],
    };
  } finally {
    isOver = true;
    window.clearInterval(timer);
  }
}

function emptyReason({ files, problems }: Picked): string {
  if (problems[0]) return `Nothing in it can be hashed. ${problems[0].path}: ${problems[0].reason}`;
  return files.length === 0
    ? 'There is no file in it. Choose the folder that holds the model’s files.'
    : 'All files are left out by the options. Leave out less, and choose the folder again.';
}

function messageOf(error: unknown): string {
  if (error instanceof PickError) return error.message;
  return `The files could not be hashed: ${error instanceof Error ? error.message : String(error)}`;
}
