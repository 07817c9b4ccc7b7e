import type { InputRole } from '#lib/attestation/facts.ts';
import { inputWords } from './chain-words.ts';
import { formatPlural, formatUtc } from './format.ts';
import type { LinkState, SignatureState } from './link-state.ts';
import { describeSigner, type SignerName } from './signer.ts';
import { elideMiddle, showText } from './untrusted-text.ts';

/** Whose word a link is: of one who may state where the child comes from, of somebody else, or of an unsigned file. */
export type LinkBasis = 'attester' | 'outsider' | 'declaration';

export interface LinkFacts {
  readonly role: InputRole;
  readonly basis: LinkBasis;
  /** Who signed the statement; null for files. */
  readonly by: SignerName | null;
  /** Proven time of the statement, in ms; null where nothing proves one. */
  readonly statedAt: number | null;
  /** Whether it gives a digest by which things are known here. */
  readonly isPinned: boolean;
  readonly parent: {
    /** Safe to show (`inputLabel`). */
    readonly label: string;
    readonly signature: SignatureState;
    readonly signatureReason: string;
    readonly signedAt: number | null;
    /** When its own attester says it was made, in ms; of several builds of the same bytes the first. */
    readonly builtAt: number | null;
  };
  /** Whether its digests are those of two things. */
  readonly namesTwo: boolean;
  /** Whether the way up from the parent comes back to the child. */
  readonly isLoop: boolean;
  /** For declarations: what signed provenance names in the same role instead. */
  readonly signedInstead: string | null;
  /** For code: whether the certificate of the one who states it names the same commit; null where it names none of it. */
  readonly certified: 'same-commit' | 'other-commit' | null;
}

export interface LinkVerdict {
  readonly state: LinkState;
  /** One sentence for people. */
  readonly reason: string;
}

export const LOOP_REASON = 'The chain leads back to itself: each is said to be made from the other.';
/** Clocks of builders may be that wrong. */
const CLOCK_TOLERANCE = 600_000;
const DAY = 86_400_000;

/**
 * Judges one statement of one input (research, "Link rule"). An outsider's word is never more than declared, and can
 * conflict with nothing; a file's word is never more than declared, but can contradict what is signed.
 */
export function judgeLink(facts: LinkFacts): LinkVerdict {
  if (facts.basis === 'outsider') return judgeOutsider(facts);
  const words = inputWords(facts.parent.label, facts.role);
  if (facts.isLoop) return { state: 'conflict', reason: LOOP_REASON };
  if (facts.namesTwo) {
    return { state: 'conflict', reason: `The digests given for ${words} are those of two different things.` };
  }
  if (facts.basis === 'declaration') return judgeDeclaration(facts, words);
  if (!facts.isPinned) {
    return { state: 'declared', reason: `${words} is named without a digest, so nothing tells which bytes are meant.` };
  }
  return judgeTimes(facts, words) ?? judgeCode(facts, words) ?? judgeParent(facts, words);
}

function judgeOutsider({ by, parent, role }: LinkFacts): LinkVerdict {
  const who = by === null ? 'somebody without a name' : elideMiddle(showText(describeSigner(by)), 240);
  const what = inputWords(parent.label, role);
  return {
    state: 'declared',
    reason: `Said by ${who}, who has no say on where this comes from: ${what} is their claim.`,
  };
}

function judgeDeclaration({ signedInstead, isPinned }: LinkFacts, words: string): LinkVerdict {
  if (signedInstead !== null) {
    return {
      state: 'conflict',
      reason: `An unsigned file declares ${words} but the signed provenance names ${signedInstead}.`,
    };
  }
  const how = isPinned ? 'by its digest, in a file that nobody signed' : 'by name, in a file that nobody signed';
  return { state: 'declared', reason: `${words} is declared ${how}: claimed, not proven.` };
}

/** What was logged as an input before it was made is a contradiction: its digest could not have been known. */
function judgeTimes({ parent: { builtAt }, statedAt }: LinkFacts, words: string): LinkVerdict | null {
  if (builtAt === null || statedAt === null || builtAt <= statedAt + CLOCK_TOLERANCE) return null;
  return {
    state: 'conflict',
    reason: `${words} was made ${formatUtc(builtAt)} by its own provenance, but was stated as an input ${formatUtc(statedAt)}, before that.`,
  };
}

function judgeCode({ certified }: LinkFacts, words: string): LinkVerdict | null {
  if (certified === 'same-commit') {
    return { state: 'verified', reason: `${words} is the commit that the certificate of the pipeline names.` };
  }
  if (certified === 'other-commit') {
    return { state: 'conflict', reason: `${words} is another commit than the certificate of the pipeline names.` };
  }
  return null;
}

function judgeParent({ parent, role, statedAt }: LinkFacts, words: string): LinkVerdict {
  switch (parent.signature) {
    case 'verified':
      return { state: 'verified', reason: `${words} is signed and logged${lateness(parent.signedAt, statedAt)}.` };
    case 'unlogged':
      return { state: 'verified', reason: `${words} is signed by a key or authority that is trusted, in no log.` };
    case 'unexpected':
      return { state: 'parent-unsigned', reason: `${words} is signed by nobody who should. ${parent.signatureReason}` };
    case 'unsigned':
      return { state: 'parent-unsigned', reason: `${words} is signed by nobody.` };
    case 'unknown': {
      const commit = role === 'code' ? ' A commit is not signed by itself.' : '';
      return {
        state: 'parent-unknown',
        reason: `${words} is given by its digest, but nothing with that digest has been seen.${commit}`,
      };
    }
  }
}

/** A late signature vouches for the same bytes; that it is late is said, not held against it. */
function lateness(signedAt: number | null, statedAt: number | null): string {
  if (signedAt === null || statedAt === null || signedAt <= statedAt) return '';
  const days = Math.floor((signedAt - statedAt) / DAY);
  const length = days === 0 ? 'less than a day' : formatPlural(days, 'day');
  return `; its signature came ${length} after the statement that names it, and vouches for the same bytes`;
}
