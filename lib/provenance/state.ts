import { formatDuration } from './format.ts';
import type { LinkState, SignatureState } from './link-state.ts';
import type { FieldStatus } from './nine-fields.ts';

/** The four states that a fact can be in. Each has its own colour and its own shape, and never stands without its word. */
export type Tone = 'proven' | 'claimed' | 'broken' | 'unknown';

export interface State {
  readonly tone: Tone;
  readonly word: string;
  /** What the word means, in one sentence. */
  readonly meaning: string;
}

export type Authenticity = 'verified' | 'impersonation' | 'unverifiable';
export type Claim = 'model' | 'other' | 'probable' | 'unclaimed';

export const AUTHENTICITY: Readonly<Record<Authenticity, State>> = {
  verified: {
    tone: 'proven',
    word: 'Verified',
    meaning:
      'The certificate chains to a trusted authority at a proven time. Whether its key made the signature is a check of its own.',
  },
  impersonation: {
    tone: 'broken',
    word: 'Impersonation',
    meaning: 'The certificate names the identity, but no trusted authority stands behind it.',
  },
  unverifiable: {
    tone: 'unknown',
    word: 'Unverifiable',
    meaning: 'Nothing in the entry can prove who signed: a bare key, or bytes that cannot be read.',
  },
};

export const CLAIM: Readonly<Record<Claim, State>> = {
  model: { tone: 'proven', word: 'Model', meaning: 'A verified bundle shows that a model was signed.' },
  other: {
    tone: 'proven',
    word: 'Other',
    meaning: 'A verified bundle shows that something other than a model was signed.',
  },
  probable: {
    tone: 'claimed',
    word: 'Probable model',
    meaning: 'The issuer is used for signing models only; no bundle shows it yet.',
  },
  unclaimed: {
    tone: 'unknown',
    word: 'Unclaimed',
    meaning: 'Nobody has shown what was signed: the log holds a digest only.',
  },
};

export const CHECK_OUTCOME: Readonly<Record<'passed' | 'failed' | 'not-made', State>> = {
  passed: { tone: 'proven', word: 'Passed', meaning: 'The check was made and holds.' },
  failed: { tone: 'broken', word: 'Failed', meaning: 'The check was made and does not hold.' },
  'not-made': { tone: 'unknown', word: 'Not made', meaning: 'The check could not be made; the reason is given.' },
};

export const CHECKPOINT_STATE: Readonly<Record<'observed' | 'verified' | 'consistent' | 'inconsistent', State>> = {
  verified: {
    tone: 'proven',
    word: 'Verified',
    meaning: 'Consistent with the one before it, and its root recomputed from the entries.',
  },
  consistent: {
    tone: 'proven',
    word: 'Consistent',
    meaning: 'Seen elsewhere than in the log, and proved to be a state of the tree that we verified.',
  },
  observed: { tone: 'claimed', word: 'Observed', meaning: 'Signed by the log; not compared with our tree yet.' },
  inconsistent: {
    tone: 'broken',
    word: 'Inconsistent',
    meaning: 'Contradicts another checkpoint that the log signed.',
  },
};

/** How far the newest signature of a model is proved to be in a log. */
export const LOGGED: Readonly<Record<'proved' | 'waiting' | 'not-logged', State>> = {
  proved: {
    tone: 'proven',
    word: 'Signed and logged',
    meaning: 'The signature verified, and our tail read its entry in the log.',
  },
  waiting: {
    tone: 'claimed',
    word: 'Logged, not read yet',
    meaning: 'The signature verified, and its bundle proves a place in a log; our tail has not read that entry.',
  },
  'not-logged': {
    tone: 'claimed',
    word: 'Signed, not logged',
    meaning: 'The signature verified, but no log holds it: it could have been made unseen.',
  },
};

/** A link from a thing to one of its inputs; of a chain, that of its weakest link. */
export const LINK: Readonly<Record<LinkState, State>> = {
  verified: {
    tone: 'proven',
    word: 'Verified',
    meaning: 'Named by digest by somebody whose word counts, and itself signed by who should sign it.',
  },
  'parent-unsigned': {
    tone: 'broken',
    word: 'Input unsigned',
    meaning: 'Named by digest, and known here, but signed by nobody who is expected to sign it.',
  },
  'parent-unknown': {
    tone: 'unknown',
    word: 'Input unknown',
    meaning: 'Named by a digest that nothing known here has: it may be signed, but nobody has shown it.',
  },
  declared: {
    tone: 'claimed',
    word: 'Declared',
    meaning: 'Only said: by a name without a digest, by an unsigned file, or by somebody whose word does not count.',
  },
  conflict: { tone: 'broken', word: 'Conflict', meaning: 'What is stated contradicts something that is proven.' },
};

/** What stands for the weakest link of a thing of which no input is stated. */
export const NO_INPUTS: State = {
  tone: 'unknown',
  word: 'No inputs stated',
  meaning: 'Nothing says what it was made from: there is no chain to judge.',
};

/** What is known of a thing's own signature. */
export const SIGNATURE: Readonly<Record<SignatureState, State>> = {
  verified: { tone: 'proven', word: 'Signed', meaning: 'Signed by who is expected to sign it, and logged.' },
  unlogged: {
    tone: 'claimed',
    word: 'Signed, not logged',
    meaning: 'Signed by a key or authority that is trusted here, but no log shows when.',
  },
  unexpected: {
    tone: 'broken',
    word: 'Unexpected signer',
    meaning: 'Signed, but by nobody who is expected to sign it.',
  },
  unsigned: { tone: 'broken', word: 'Unsigned', meaning: 'Seen here, and nobody has shown a good signature of it.' },
  unknown: {
    tone: 'unknown',
    word: 'Not seen',
    meaning: 'Only mentioned, by a digest or a name: nobody has shown the thing itself.',
  },
};

/** One of the nine fields of provenance. */
export const FIELD: Readonly<Record<FieldStatus, State>> = {
  proven: { tone: 'proven', word: 'Proven', meaning: 'Something besides the statement’s own word shows it.' },
  claimed: { tone: 'claimed', word: 'Claimed', meaning: 'A statement or file says so, and nothing else.' },
  absent: { tone: 'unknown', word: 'Absent', meaning: 'No statement and no file says anything about it.' },
  conflict: { tone: 'broken', word: 'Conflict', meaning: 'What is stated contradicts what is proven.' },
};

export interface LogFacts {
  readonly state: 'following' | 'frozen' | 'removed';
  readonly verifiedSize: number;
  readonly observedSize: number;
  readonly lastSuccessAt: number | null;
  readonly openFaults: number;
  /** `index`: heads alone are proved; entries are not read one by one. */
  readonly reading: 'entries' | 'index';
  /** Milliseconds between two looks at the log. */
  readonly poll: number;
}

/** After how long without a good checkpoint a log counts as stale: ten polls, and a minute at the least. */
export function staleAfter(poll: number): number {
  return Math.max(60_000, 10 * poll);
}

/** The one word for a log: the worst of what is true of it. */
export function logState(log: LogFacts, now: number): State {
  if (log.state === 'frozen') {
    return {
      tone: 'broken',
      word: 'Frozen',
      meaning: 'The log contradicted itself. Nothing more is taken from it; the evidence is kept.',
    };
  }
  if (log.state === 'removed') {
    return {
      tone: 'unknown',
      word: 'Removed',
      meaning: 'No longer in the configuration or the trust root. What was read is kept.',
    };
  }
  if (log.lastSuccessAt === null) {
    return log.openFaults > 0
      ? {
          tone: 'broken',
          word: 'Never reached',
          meaning: 'No checkpoint with a good signature has been received yet, and requests fail.',
        }
      : { tone: 'unknown', word: 'Not contacted', meaning: 'No checkpoint has been received yet.' };
  }
  if (log.openFaults > 0) {
    return {
      tone: 'broken',
      word: 'Failing',
      meaning: 'The latest attempts failed. What was verified before stays verified.',
    };
  }
  const silence = now - log.lastSuccessAt;
  if (silence > staleAfter(log.poll)) {
    const meaning = `No checkpoint for ${formatDuration(silence)}: what was signed since then is not known here.`;
    return { tone: 'unknown', word: 'Stale', meaning };
  }
  if (log.verifiedSize < log.observedSize) {
    return {
      tone: 'claimed',
      word: 'Catching up',
      meaning: 'The log has signed a larger tree than what has been read and verified so far.',
    };
  }
  if (log.reading === 'index') {
    return {
      tone: 'proven',
      word: 'Up to date',
      meaning: 'The newest checkpoint was proved to continue all those before it; entries are not read one by one.',
    };
  }
  return {
    tone: 'proven',
    word: 'Up to date',
    meaning: 'Every entry of the newest checkpoint was bound to its signed root.',
  };
}

/** Milliseconds until a catch-up is done at the present rate; null where there is nothing to do or no rate is known. */
export function timeLeft(log: { verifiedSize: number; observedSize: number; rate: number | null }): number | null {
  const backlog = log.observedSize - log.verifiedSize;
  if (backlog <= 0 || !log.rate) return null;
  return (backlog / log.rate) * 1000;
}
