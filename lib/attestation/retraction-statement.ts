import { parseStatement, STATEMENT_V1 } from '#lib/model-signing/statement.ts';
import { readAttestation } from './read.ts';
import { RETRACTION_TYPE } from './retraction.ts';

/** What a signer withdraws, and why. Roots are OMS roots in lowercase hex. */
export interface RetractionFields {
  readonly subject: { readonly name: string; readonly root: string };
  readonly reason: string;
  /** Root of what to use instead; null where nothing is. */
  readonly replacement: string | null;
}

/**
 * The in-toto statement by which a signer withdraws a version. It holds no time: the log proves that.
 *
 * @returns the payload, as bytes of UTF-8.
 * @throws {StatementError} for what our own reader would refuse.
 */
export function retractionStatement({ subject, reason, replacement }: RetractionFields): Uint8Array<ArrayBuffer> {
  const statement = {
    _type: STATEMENT_V1,
    subject: [{ name: subject.name, digest: { sha256: subject.root } }],
    predicateType: RETRACTION_TYPE,
    predicate: { reason, ...(replacement !== null && { replacement: { digest: { sha256: replacement } } }) },
  };
  const bytes = new TextEncoder().encode(JSON.stringify(statement, null, 2));
  readAttestation(parseStatement(bytes));
  return bytes;
}
