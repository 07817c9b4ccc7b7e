import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { quote, TlogError } from './error.ts';
import type { LogEvidence } from './evidence.ts';
import type { EvidenceChecklist, EvidenceCheckName } from './evidence-checklist.ts';
import { equalBytes } from './hash.ts';
import { isLogKey, type LogVerifier, parseVerifierKey } from './key.ts';
import { parseNote } from './note.ts';
import { noblePrimitives, type SignaturePrimitives } from './primitives.ts';

/** A key of the log in question, from somewhere else than the evidence. */
export interface TrustedLogKey {
  /** As `LogVerifier` has it: raw 32 bytes of Ed25519, DER SubjectPublicKeyInfo of ECDSA. */
  readonly publicKey: Uint8Array;
  /** The names that its signature lines may carry; null where only the key is known. */
  readonly names: readonly string[] | null;
}

const CLAIMED =
  'The key is what the file says. Compare it with the key that you have of the log: anybody can sign with a key of their own.';

/** Who is accused: the holder of the key in the evidence. */
export class EvidenceSigner {
  readonly #verifier: LogVerifier;
  readonly #origin: string;
  /** Begins the sentence that says what is proved. */
  readonly who: string;

  private constructor(verifier: LogVerifier, origin: string, isTrusted: boolean) {
    this.#verifier = verifier;
    this.#origin = origin;
    this.who = isTrusted ? `The log ${origin}` : `Whoever holds the key in the file, for the log ${origin},`;
  }

  /**
   * Reads the key, and compares it with those that are trusted. A key that signs less than the whole text (ML-DSA
   * cosignatures) is refused, since evidence rests on the lines behind the root as well.
   */
  static check(
    list: EvidenceChecklist,
    { key, origin }: LogEvidence,
    {
      trustedKeys,
      primitives = noblePrimitives,
    }: { trustedKeys?: readonly TrustedLogKey[]; primitives?: SignaturePrimitives },
  ): EvidenceSigner {
    if (trustedKeys === undefined) {
      const verifier = readLogKey(key, primitives);
      if (!(verifier instanceof TlogError)) {
        list.leaveOut('key', CLAIMED);
        return new EvidenceSigner(verifier, origin, false);
      }
    }
    return list.run('key', () => {
      const verifier = readLogKey(key, primitives);
      if (verifier instanceof TlogError) throw verifier;
      const isTrusted = (trustedKeys ?? []).some(({ publicKey, names }) => {
        return equalBytes(publicKey, verifier.publicKey) && (names === null || names.includes(verifier.name));
      });
      if (!isTrusted) {
        throw new TlogError(
          'bad-key',
          `The key in the file, of ${quote(verifier.name)}, is not the one that you trust`,
        );
      }
      const signer = new EvidenceSigner(verifier, origin, true);
      return { statement: `The key of ${quote(verifier.name)} is the one that you trust.`, value: signer };
    });
  }

  /** The checkpoint of a note that has the key's line and no other, and is of the log. */
  open(list: EvidenceChecklist, name: EvidenceCheckName, note: string): Checkpoint {
    return list.run(name, () => {
      const bytes = new TextEncoder().encode(note);
      const { checkpoint } = openCheckpoint(bytes, { origin: this.#origin, verifiers: [this.#verifier] });
      const lines = parseNote(bytes).signatures.length;
      if (lines !== 1) {
        throw new TlogError(
          'bad-evidence',
          `The note has ${lines} signature lines; evidence keeps the log's own alone`,
        );
      }
      return {
        statement: `The key signed a tree of ${checkpoint.size} entries of ${quote(this.#origin)}.`,
        value: checkpoint,
      };
    });
  }
}

function readLogKey(key: string, primitives: SignaturePrimitives): LogVerifier | TlogError {
  try {
    const verifier = parseVerifierKey(key, primitives);
    if (isLogKey(verifier)) return verifier;
    return new TlogError('bad-key', 'The key in the file is of a cosigner, which does not sign all of a checkpoint');
  } catch (error) {
    if (error instanceof TlogError) return error;
    throw error;
  }
}
