import { formatCount } from './format.ts';
import type { State } from './state.ts';

export type LogApi = 'rekor-v2' | 'rekor-v1' | 'ct-rfc6962' | 'ct-static';

/** What kind of log it is, as people call it. */
export const LOG_KIND: Readonly<Record<LogApi, string>> = {
  'rekor-v2': 'Rekor v2',
  'rekor-v1': 'Rekor v1 tree',
  'ct-rfc6962': 'Certificate log (RFC 6962)',
  'ct-static': 'Certificate log (static-ct-api)',
};

/** Of a log whose entries are not read one by one: what of it is covered, and what cannot be. */
export const READ_BY_INDEX =
  'Only the heads of this log are proved: that it never takes anything back. Its entries are not read one by one. Those of watched identities are found through the certificate log and the search index of the log, and each found one is proved. Not seen are entries signed with bare keys, and what the index withholds.';

/** What is known of a log that says that it ends; null where it goes on. */
export function describeEnd({ finalSize }: { readonly finalSize: number | null }): string | null {
  if (finalSize === null) return null;
  return `The log says that it ends with ${formatCount(finalSize)} entries. It is still polled: an entry after its end would be misbehaviour.`;
}

export interface Witnessed {
  readonly cosignatures: number;
  readonly cosigners: readonly { readonly name: string }[];
  /** Null where no policy was in force. */
  readonly quorum: boolean | null;
}

/** Who besides the log saw a head, in one word. */
export function witnessState({ cosignatures, cosigners, quorum }: Witnessed): State {
  if (quorum === null) {
    return cosignatures === 0
      ? {
          tone: 'unknown',
          word: 'Log only',
          meaning: 'Nobody but the log signed it, and no witness policy asks for more.',
        }
      : {
          tone: 'unknown',
          word: 'Log only',
          meaning: `It carries ${formatCount(cosignatures)} cosignatures that nobody checked: the configuration names no witness policy.`,
        };
  }
  if (quorum) {
    return {
      tone: 'proven',
      word: 'Quorum met',
      meaning: 'As many witnesses of the policy cosigned it as the policy asks for.',
    };
  }
  return cosigners.length === 0
    ? { tone: 'unknown', word: 'Log only', meaning: 'No witness of the policy cosigned it.' }
    : {
        tone: 'claimed',
        word: 'No quorum',
        meaning: 'Witnesses of the policy cosigned it, fewer than the policy asks for.',
      };
}

export type SeenFrom = 'log' | 'entry' | 'witness' | 'vantage' | 'bundle';

/** By what way a head reached us. */
export const SEEN_FROM: Readonly<Record<SeenFrom, string>> = {
  log: 'the log itself',
  entry: 'the proof of an entry',
  witness: 'a witness',
  vantage: 'a second address of the log',
  bundle: 'a bundle',
};

/** How a back-fill stands. */
export const BACKFILL: Readonly<Record<'open' | 'done' | 'stopped', State>> = {
  open: { tone: 'claimed', word: 'Under way', meaning: 'Ranges are read behind the tail, the newest first.' },
  done: { tone: 'proven', word: 'Done', meaning: 'Every entry of its range was read and bound to a signed root.' },
  stopped: {
    tone: 'unknown',
    word: 'Stopped',
    meaning: 'Somebody stopped it. What it had read by then stays covered.',
  },
};

const BYTES_AN_ENTRY = 3000;

/** Roughly what reading so many entries moves over the line, in bytes. */
export function roughBytes(entries: number): number {
  return entries * BYTES_AN_ENTRY;
}
