import { z } from '@hono/zod-openapi';
import { LINK_STATES, SIGNATURE_STATES } from '#lib/provenance/link-state.ts';
import { MODEL, MODEL_STATES } from '#lib/provenance/model-state.ts';
import {
  AUTHENTICITY,
  CHECK_OUTCOME,
  CHECKPOINT_STATE,
  CLAIM,
  FIELD,
  LINK,
  LOGGED,
  SIGNATURE,
  type State,
} from '#lib/provenance/state.ts';

/** States with the words of the pages: which are proofs and which are claims is part of what they mean. */
export function statesOf<K extends string>(
  words: Readonly<Record<K, State>>,
  keys: readonly K[],
  name: string,
  what: string,
) {
  const meanings = keys.map((key) => {
    const { tone, word, meaning } = words[key];
    return `- \`${key}\` (${tone}) “${word}”: ${meaning}`;
  });
  return z.enum([...keys]).openapi(name, { description: `${what}\n\n${meanings.join('\n')}` });
}

export const AUTHENTICITIES = ['verified', 'impersonation', 'unverifiable'] as const;
export const CLAIMS = ['model', 'other', 'probable', 'unclaimed'] as const;

export const authenticity = statesOf(
  AUTHENTICITY,
  AUTHENTICITIES,
  'Authenticity',
  'Whether it is proven that the identity shown is the signer. Anything but `verified` leaves the identity a mere claim.',
);
export const claim = statesOf(CLAIM, CLAIMS, 'Claim', 'What is known of what was signed.');
export const checkOutcome = statesOf(
  CHECK_OUTCOME,
  ['passed', 'failed', 'not-made'],
  'CheckOutcome',
  'What came of a check.',
);
export const checkpointState = statesOf(
  CHECKPOINT_STATE,
  ['observed', 'verified', 'consistent', 'inconsistent'],
  'CheckpointState',
  'What was proved of a signed checkpoint.',
);
export const logged = statesOf(
  LOGGED,
  ['proved', 'waiting', 'not-logged'],
  'Logged',
  'How far a signature that verified is proved to be in a log.',
);
export const modelState = statesOf(
  MODEL,
  MODEL_STATES,
  'ModelState',
  'What can be said of the newest version of a model: whose signature it has, and whether that is in a log.',
);
export const linkState = statesOf(
  LINK,
  LINK_STATES,
  'LinkState',
  'A link from a thing to one of its inputs. Only `verified` is a proof. Of a chain, that of its weakest link; the list goes from the best to the worst.',
);
export const signatureState = statesOf(
  SIGNATURE,
  SIGNATURE_STATES,
  'SignatureState',
  'What is known of a thing’s own signature.',
);
export const fieldStatus = statesOf(
  FIELD,
  ['proven', 'claimed', 'absent', 'conflict'],
  'FieldStatus',
  'How a field of provenance is known.',
);
