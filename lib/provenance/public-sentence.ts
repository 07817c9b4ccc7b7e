import { formatUtcDate } from './format.ts';
import type { PublicState } from './public-state.ts';
import type { Part, Sentence } from './sentence.ts';

export interface PublicFacts {
  readonly state: PublicState;
  /** Who signed; null where nobody did, where a bare key did, or where it is not told. */
  readonly signer: string | null;
  /** Since when that state holds, as far as is proved. Milliseconds. */
  readonly since: number;
  /** Whether the time of signing is proved. */
  readonly isTimeProved: boolean;
}

/** For somebody who never heard of a log: can I use these files, who made them, since when. */
export function publicSentence({ state, signer, since, isTimeProved }: PublicFacts): Sentence {
  const date = formatUtcDate(since);
  const who: Part = signer === null ? 'their publisher' : { kind: 'identity', value: signer };
  const when = isTimeProved ? ` on ${date}` : '';
  switch (state) {
    case 'refused':
      return [`No. Do not use these files: their publisher has said so since ${date}.`];
    case 'retracted':
      return [`No. Do not use these files: whoever signed them withdrew them. That is known since ${date}.`];
    case 'proved':
      return ['Yes, if yours are the same: ', who, ` signed them, and a public log has had the record since ${date}.`];
    case 'waiting':
      return [
        'Yes, if yours are the same: ',
        who,
        ` signed them${when}. The signature carries a proof that a public log has the record; we have not read it there yet.`,
      ];
    case 'not-logged':
      return [
        'With care: ',
        who,
        ` signed them${when}, but no public log shows it, so it could have been done unseen.`,
      ];
    case 'unexpected':
      return [
        'Ask first: they are signed',
        ...(signer === null ? [] : [' by ', who]),
        `${when}, but not by anybody who is expected to sign this model.`,
      ];
    case 'unsigned':
      return [`Nothing shows who made them: nobody signed these files. They are known here since ${date}.`];
  }
}
