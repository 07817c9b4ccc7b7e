/** What every chapter of the story is told with. */
import type { X509Certificate } from 'node:crypto';
import { type Making, provenance } from './attestations.ts';
import type { Clients } from './clients.ts';
import type { LogRecorder } from './log-recorder.ts';
import type { ModelVersion } from './oms.ts';
import type { Recorder } from './recorder.ts';
import type { Shelf } from './shelf.ts';
import type { Signer } from './signers.ts';
import type { Stack } from './stack.ts';

export interface Stage {
  readonly stack: Stack;
  readonly clients: Clients;
  readonly recorder: Recorder;
  readonly shelf: Shelf;
  readonly log: LogRecorder;
  readonly olderLog: LogRecorder;
  /** A folder for what is not kept, such as private keys. */
  readonly scratch: string;
  /** Fulcio's intermediate CA, for the forgery to imitate. */
  readonly authority: X509Certificate;
  /** Waits between two chapters. */
  readonly pause: () => Promise<void>;
}

/** Keeps the log's checkpoint, waits, and lets the log grow to each of the sizes. */
export async function closeChapter({ log, pause }: Stage, ...sizes: readonly number[]): Promise<void> {
  await log.keepCheckpoint();
  await pause();
  for (const size of sizes) await log.growTo(size);
}

/** A build ends so long before its model is signed, as pipelines upload and sign what they made. */
const BEFORE_SIGNING = 60_000;

/** Signs provenance of a version that was just signed. `statedBy` may claim another run than its certificate proves. */
export async function attestMaking(
  { recorder }: Stage,
  id: string,
  version: ModelVersion,
  signer: Signer,
  making: Making,
  statedBy: Signer = signer,
): Promise<void> {
  const statement = provenance(version, statedBy, making, new Date(Date.now() - BEFORE_SIGNING));
  const what = `Provenance of ${version.model} ${version.version}`;
  await recorder.attest(told(`${id}-provenance`, what), version, signer, statement, 'provenance');
}

export function told(id: string, what: string): { id: string; what: string } {
  return { id, what };
}
