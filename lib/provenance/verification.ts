import type { FileAnswer, FileState } from '#lib/hash-list/file-answer.ts';
import type { HashListForm } from '#lib/hash-list/hash-list.ts';
import type { HashType } from '#lib/model-signing/resource.ts';
import type { LinkState, SignatureState } from './link-state.ts';
import type { UseNotice } from './use-notice.ts';

export { FILE_STATES, type FileAnswer, type FileState } from '#lib/hash-list/file-answer.ts';

/**
 * What files are, the best first. `verified`: as signed, by who is expected to sign, and logged. `signed-not-logged`: as
 * signed, by a key or authority that the operator trusts. `unexpected-signer`: as signed, but by nobody who is expected to.
 * `unsigned`: as registered or seen in a source, but signed by nobody. `partial`: what was given is right, but signed files
 * were not given. `differs`: close to a known version, but not the same. `not-comparable`: a version of that name is known,
 * but hashed in another way. `unknown`: nothing here has any of these files.
 */
export const VERIFICATION_OUTCOMES = [
  'verified',
  'signed-not-logged',
  'unexpected-signer',
  'unsigned',
  'partial',
  'differs',
  'not-comparable',
  'unknown',
] as const;

export type VerificationOutcome = (typeof VERIFICATION_OUTCOMES)[number];

/** A version that the files are, or could have been. */
export interface AnswerVersion {
  readonly modelName: string;
  readonly modelSlug: string;
  readonly versionId: string;
  readonly label: string | null;
  readonly root: string;
  readonly seenAs: 'signed' | 'observed' | 'registered';
  readonly signature: SignatureState;
  readonly signatureReason: string;
  /** Files as the version lists them, and how many of the given ones are so. */
  readonly fileCount: number;
  readonly matching: number;
}

export interface AnswerSigning {
  readonly bundleId: string;
  readonly eventId: string | null;
  readonly method: 'sigstore' | 'key' | 'certificate';
  readonly san: string | null;
  readonly issuer: string | null;
  /** Milliseconds; null where nothing proves a time. */
  readonly signedAt: number | null;
  readonly signedAtSource: string | null;
  readonly logged: 'proved' | 'waiting' | 'not-logged';
  readonly origin: string | null;
  readonly logIndex: number | null;
}

/** What stands against using the files, whatever their hashes say: an incident, or a retraction. */
export type AnswerNotice = UseNotice & { readonly sentence: string };

/** What the sender said that the files should be. */
export interface Expectation {
  /** The model's slug or exact name. */
  readonly model: string;
  /** A version's label, id or root; null for any version of the model. */
  readonly version: string | null;
}

/** All that one look at a list of hashes found out. Times are milliseconds since the epoch. */
export interface VerificationAnswer {
  readonly outcome: VerificationOutcome;
  /** One sentence: what, and how it is known. */
  readonly sentence: string;
  readonly at: number;
  readonly list: {
    readonly form: HashListForm;
    readonly name: string | null;
    readonly hashType: HashType;
    readonly shardSize: number | null;
    readonly files: number;
    /** Null where a size is not given. */
    readonly bytes: number | null;
    /** OMS roots and manifest id of all that was given; null where a file has no digest. */
    readonly roots: { readonly python: string; readonly specification: string; readonly manifestId: string } | null;
    readonly remarks: readonly string[];
  };
  /** How the version was found; null where none was. */
  readonly foundBy: 'root' | 'manifest-id' | 'files' | 'expectation' | null;
  /** A folder that stood before all paths and was taken off; empty where none. */
  readonly prefix: string;
  /** What the files are, or come closest to. */
  readonly version: AnswerVersion | null;
  /** Other versions that they are or come close to, the closest first; at most 10. */
  readonly others: readonly AnswerVersion[];
  readonly counts: Readonly<Record<FileState, number>>;
  /** In the order of FILE_STATES, then by path. */
  readonly files: readonly FileAnswer[];
  /** Of the version, newest first; at most 20. */
  readonly signings: readonly AnswerSigning[];
  /** Null without a version in the graph. `weakest` is null where no input is stated. */
  readonly chain: { readonly weakest: LinkState | null; readonly sentence: string; readonly since: number } | null;
  /** Open findings about the version or its whole model; at most 50. */
  readonly findings: readonly {
    readonly id: string;
    readonly kind: string;
    readonly statement: string;
    readonly firstAt: number;
  }[];
  /** What stands against using them: the answer about the bytes stands all the same. */
  readonly notices: readonly AnswerNotice[];
  /** Whether the files are what was expected; null where nothing was. */
  readonly expected: (Expectation & { readonly isMet: boolean; readonly sentence: string }) | null;
  /** What to do for a better answer; null where nothing. */
  readonly hint: string | null;
}
