import { formatPlural, formatUtc, TIME_SOURCES, type TimeSource } from './format.ts';
import type { SeenAs } from './seen-as.ts';
import type { Authenticity, Claim } from './state.ts';

/** A piece of a sentence: words, or a value that pages set in their own way and never as markup. */
export type Part =
  | string
  | { readonly kind: 'identity' | 'issuer' | 'digest' | 'name'; readonly value: string }
  | { readonly kind: 'time'; readonly at: number; readonly source: TimeSource | null };

export type Sentence = readonly Part[];

/** The sentence as plain text, for titles and for tests. */
export function plainText(sentence: Sentence): string {
  return sentence
    .map((part) => {
      if (typeof part === 'string') return part;
      if (part.kind !== 'time') return part.value;
      return part.source ? `${formatUtc(part.at)} (${TIME_SOURCES[part.source]})` : formatUtc(part.at);
    })
    .join('');
}

export interface SignedFacts {
  readonly authenticity: Authenticity;
  readonly authenticityReason: string;
  readonly claim: Claim;
  readonly undecided: string | null;
  readonly san: string | null;
  readonly issuer: string | null;
  readonly publicKeySha256: string | null;
  readonly signedAt: number | null;
  readonly signedAtSource: TimeSource | null;
  readonly firstSeenAt: number;
  readonly origin: string | null;
  readonly logIndex: number | null;
  readonly seenBy: 'tail' | 'bundle' | 'index';
}

/** What a linked bundle shows of the thing that was signed. */
export type SignedThing =
  | { readonly kind: 'model'; readonly name: string; readonly root: string; readonly fileCount: number }
  | { readonly kind: 'statement'; readonly predicateType: string | null; readonly subject: string | null }
  | { readonly kind: 'message' };

/** Who signed and when, as far as it is proved. */
export function signerSentence(event: SignedFacts): Sentence {
  if (event.undecided !== null) {
    return [
      'The log holds bytes that cannot be read as a known entry',
      ...placed(event),
      '. They were kept as they are.',
    ];
  }
  const signer = who(event);
  if (event.authenticity === 'impersonation') {
    return [
      'Somebody signed with a certificate that names ',
      ...signer,
      ', but that identity did not prove itself',
      ...placed(event),
      '.',
    ];
  }
  if (event.authenticity === 'unverifiable') {
    return ['Signed by ', ...signer, '; nothing in the entry proves whose key that is', ...placed(event), '.'];
  }
  return ['Signed by ', ...signer, ...placed(event), '.'];
}

/** What was signed, as far as anybody has shown it. */
export function contentSentence(
  event: Pick<SignedFacts, 'claim' | 'undecided'>,
  things: readonly SignedThing[],
): Sentence {
  const thing = things.find(({ kind }) => kind === 'model') ?? things[0];
  if (event.undecided !== null && !thing) return ['What was signed cannot be told from the entry.'];
  if (thing?.kind === 'model') {
    const files = formatPlural(thing.fileCount, 'file');
    return [
      `A bundle shows what was signed: the model `,
      name(thing.name),
      `, ${files} under the root `,
      digest(thing.root),
      '.',
    ];
  }
  if (thing?.kind === 'statement') {
    const about: Sentence = thing.subject === null ? [] : [' about ', name(thing.subject)];
    const type: Sentence = thing.predicateType === null ? [] : [' of the type ', name(thing.predicateType)];
    return ['A bundle shows what was signed: a statement', ...about, ...type, '.'];
  }
  if (thing?.kind === 'message')
    return ['A bundle shows the signature over a file, but not the file: the log and the bundle hold its digest only.'];
  if (event.claim === 'probable')
    return ['No bundle shows what was signed. The issuer is used for signing models only, so it probably was one.'];
  return [
    'Nobody has shown what was signed. The log holds a digest only; the bundle that the signer received would say.',
  ];
}

const UNSIGNED: Readonly<Record<SeenAs, string>> = {
  signed: ' is named in a bundle, but no signature of it verified.',
  observed: ' was seen here, and is signed by nobody.',
  registered: ' was registered by its maker, and is signed by nobody yet.',
};

/** The state of a model's newest version, before any field. */
export function versionSentence(version: {
  readonly root: string;
  readonly fileCount: number;
  readonly ignoredCount: number;
  readonly seenAs: SeenAs;
  readonly signing: {
    readonly san: string | null;
    readonly issuer: string | null;
    readonly signedAt: number | null;
    readonly signedAtSource: TimeSource | null;
    readonly origin: string | null;
    readonly logged: 'proved' | 'waiting' | 'not-logged';
  } | null;
}): Sentence {
  const { signing } = version;
  if (!signing) {
    return ['Version ', digest(version.root), UNSIGNED[version.seenAs]];
  }
  const by: Sentence = signing.san === null ? [' signed with a bare key'] : [' signed by ', identity(signing.san)];
  const through: Sentence = signing.issuer === null ? [] : [' through ', issuer(signing.issuer)];
  const verb = { proved: ', logged ', waiting: ', said to be logged ', 'not-logged': ', not logged, signed ' }[
    signing.logged
  ];
  const when: Sentence =
    signing.signedAt === null
      ? [', signed, not logged: nothing shows when']
      : [verb, { kind: 'time', at: signing.signedAt, source: signing.signedAtSource }];
  const left = version.ignoredCount === 0 ? '' : `; the signer left out ${formatPlural(version.ignoredCount, 'path')}`;
  return [
    'Version ',
    digest(version.root),
    ...by,
    ...through,
    ...when,
    `, ${formatPlural(version.fileCount, 'file')} covered${left}.`,
  ];
}

function who(event: SignedFacts): Sentence {
  if (event.san !== null) {
    return event.issuer === null ? [identity(event.san)] : [identity(event.san), ' through ', issuer(event.issuer)];
  }
  if (event.publicKeySha256 !== null) return ['the bare key ', digest(event.publicKeySha256)];
  return ['a certificate without a name'];
}

function placed(event: SignedFacts): Sentence {
  const time: Sentence =
    event.signedAt === null
      ? [', first seen ', { kind: 'time', at: event.firstSeenAt, source: null }]
      : [
          ', ',
          event.logIndex === null ? 'signed ' : 'logged ',
          { kind: 'time', at: event.signedAt, source: event.signedAtSource },
        ];
  if (event.origin === null || event.logIndex === null)
    return [...time, event.seenBy === 'bundle' ? ', not found in a log' : ''];
  return [...time, ' as entry ', String(event.logIndex), ' of ', name(event.origin)];
}

function identity(value: string): Part {
  return { kind: 'identity', value };
}

function issuer(value: string): Part {
  return { kind: 'issuer', value };
}

function digest(value: string): Part {
  return { kind: 'digest', value };
}

function name(value: string): Part {
  return { kind: 'name', value };
}
