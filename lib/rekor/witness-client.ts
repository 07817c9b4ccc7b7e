import { MAX_NOTE_BYTES } from '#lib/tlog/note.ts';
import { FetchError } from './fetch-error.ts';
import type { HttpReader } from './http.ts';
import { nodeSha256 } from './node-sha256.ts';

/**
 * The newest checkpoint of a log that a witness cosigned, as it serves it below its monitoring prefix
 * (C2SP tlog-witness: `<monitoring prefix>/<origin hash>/checkpoint`). Nothing of it is verified: it is opened like one
 * of the log itself, with the log's key and the witness's.
 *
 * @returns the note's bytes, or null where the witness never cosigned that log.
 * @throws {FetchError}
 */
export async function fetchWitnessCheckpoint(
  http: HttpReader,
  monitoringPrefix: string,
  origin: string,
  signal?: AbortSignal,
): Promise<Uint8Array | null> {
  try {
    return await http.get(witnessCheckpointUrl(monitoringPrefix, origin), MAX_NOTE_BYTES, signal);
  } catch (error) {
    if (error instanceof FetchError && error.code === 'not-found') return null;
    throw error;
  }
}

/** The origin hash is SHA-256 of the origin line without its newline, in lower-case hex. */
export function witnessCheckpointUrl(monitoringPrefix: string, origin: string): string {
  const hash = Buffer.from(nodeSha256(Buffer.from(origin, 'utf8'))).toString('hex');
  return `${monitoringPrefix.replace(/\/+$/, '')}/${hash}/checkpoint`;
}
