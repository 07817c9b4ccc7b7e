import { OMS_DIGESTS_V0_1 } from '#lib/model-signing/oms.ts';
import { pythonRepr } from '#lib/model-signing/python-repr.ts';
import { parseStatement, STATEMENT_PAYLOAD_TYPE } from '#lib/model-signing/statement.ts';
import { StatementError } from '#lib/model-signing/statement-error.ts';
import { type DigestAlgorithm, digestsOf } from './pae.ts';

type Digests = Readonly<Record<DigestAlgorithm, string>>;

/** A large payload is encoded once, however many keys are tried. */
const known = new WeakMap<Uint8Array, Digests | null>();

/**
 * The digests of what model_signing 0.2 signed in the place of the pre-authentication encoding: `DSSEV1` for `DSSEv1`,
 * and the payload as Python prints bytes.
 *
 * @returns lowercase hex; null for every payload but a statement of that release, for which alone it has a meaning.
 */
export function digestsOfOms02(payloadType: string | null, payload: Uint8Array): Digests | null {
  if (payloadType !== STATEMENT_PAYLOAD_TYPE) return null;
  const before = known.get(payload);
  if (before !== undefined) return before;
  const digests = isDigestsStatement(payload) ? digestsOf(encode(payload)) : null;
  known.set(payload, digests);
  return digests;
}

function encode(payload: Uint8Array): Buffer {
  const head = `DSSEV1 ${STATEMENT_PAYLOAD_TYPE.length} ${STATEMENT_PAYLOAD_TYPE} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), pythonRepr(payload)]);
}

/** Read before its signature is known to be good: only to know what the signature must be over. */
function isDigestsStatement(payload: Uint8Array): boolean {
  try {
    return parseStatement(payload).predicateType === OMS_DIGESTS_V0_1;
  } catch (error) {
    if (error instanceof StatementError) return false;
    throw error;
  }
}
