import { TlogError } from '#lib/tlog/error.ts';
import { parseNote } from '#lib/tlog/note.ts';

/** RFC 6962's version, signature type and time stand before the signature (static-ct-api, RFC6962NoteSignature). */
const CT_TIME_BYTES = 8;
const CT_LEAST = CT_TIME_BYTES + 4;

/**
 * The time that a log states with its head: certificate logs sign one, and older Rekor v1 heads carry a line `Timestamp:`.
 * Read of notes whose signature has verified already.
 *
 * @returns milliseconds since the epoch; null for heads without a time, as those of Rekor v2 are.
 */
export function headTime(api: string, origin: string, note: string): number | null {
  try {
    const { text, signatures } = parseNote(new TextEncoder().encode(note));
    if (api.startsWith('ct-')) {
      const own = signatures.find(({ name, signature }) => name === origin && signature.length >= CT_LEAST);
      return own ? plausible(Buffer.from(own.signature).readBigUInt64BE(0)) : null;
    }
    const [, nanoseconds] = /^Timestamp: (\d{1,20})$/m.exec(new TextDecoder().decode(text)) ?? [];
    return nanoseconds === undefined ? null : plausible(BigInt(nanoseconds) / 1_000_000n);
  } catch (error) {
    if (error instanceof TlogError) return null;
    throw error;
  }
}

function plausible(milliseconds: bigint): number | null {
  return milliseconds <= 8_640_000_000_000_000n ? Number(milliseconds) : null;
}
