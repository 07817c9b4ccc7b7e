/** story.json: the facts that tests compare the product with. */

export type Authenticity = 'verified' | 'impersonation' | 'unverifiable';
/** What a chain's own signature and its weakest link come to (lib/provenance/link-state.ts); null where nothing is stated upstream. */
export interface StoryVerdict {
  readonly signature: 'verified' | 'unlogged' | 'unexpected' | 'unsigned';
  readonly weakest: 'verified' | 'parent-unsigned' | 'parent-unknown' | 'declared' | 'conflict' | null;
}

/** Bundles arrive in two waves: in the second comes the late signature that mends what was broken in the first. */
export type Wave = 1 | 2;

export type Claim = 'model' | 'other' | 'unclaimed';

/** One entry that the story tells of; noise is only counted. */
export interface StoryEntry {
  /** Short name for tests to ask by. */
  readonly id: string;
  /** One sentence: what was signed. */
  readonly what: string;
  /** Origin of the log. */
  readonly log: string;
  readonly logIndex: number;
  /** Lowercase hex. */
  readonly leafHash: string;
  /** As the entry says of itself, e.g. `hashedrekord 0.0.2`. */
  readonly kind: string;
  /** What the certificate says; for undecided entries what their bytes name; null for bare keys. */
  readonly identity: string | null;
  readonly issuer: string | null;
  readonly client: string;
  readonly wave: Wave;
  /** The rule of modeltrail.yaml that it meets; null where none does, and then only a bundle makes it an event. */
  readonly rule: string | null;
  /** Path of the bundle below this folder; null where nobody kept one. */
  readonly bundle: string | null;
  /** Path of the signed file, for bundles that sign a digest. */
  readonly artifact: string | null;
  readonly predicateType: string | null;
  /** When the timestamp authority saw the signature, ISO 8601; null without a bundle. */
  readonly signedAt: string | null;
  readonly expectedAuthenticity: Authenticity;
  readonly expectedClaim: Claim;
  readonly model: string | null;
  readonly version: string | null;
  readonly omsRoot: string | null;
}

/** A signature that is in no log: by a key or a certificate that the operator trusts. */
export interface StoryUnlogged {
  readonly id: string;
  readonly what: string;
  readonly method: 'key' | 'certificate';
  /** Name under `trust.keys` or `trust.authorities` in modeltrail.yaml. */
  readonly trustedAs: string;
  readonly bundle: string;
  readonly model: string;
  readonly version: string;
  readonly omsRoot: string;
}

/** A model repository in `hub/`, laid out as the Hugging Face clients leave it. */
export interface StoryRepository {
  /** Where its files lie, below this folder. */
  readonly directory: string;
  /** `org/name` and the commit, where the folder says them as the clients' cache does. */
  readonly repository: string | null;
  readonly revision: string | null;
  readonly what: string;
  /** The version whose files these are, or were before somebody changed one. */
  readonly model: string;
  readonly version: string;
  /** Of the files as they lie there. */
  readonly omsRoot: string;
  readonly signature: 'whole' | 'none' | 'broken';
  /** Files that differ from what was signed. */
  readonly changed: readonly string[];
  /** What the model card names as `base_model`. */
  readonly declaredBase: string | null;
}

/** Part of the story: what is told between two pauses, in the order of telling. */
export interface StoryChapter {
  readonly title: string;
  readonly wave: Wave;
  /** Ids of entries and of unlogged signatures. */
  readonly tells: readonly string[];
}

export interface StoryModel {
  readonly kind: 'model' | 'dataset';
  readonly model: string;
  readonly version: string;
  readonly omsRoot: string;
  /** Whether a kept bundle signs it. */
  readonly signed: boolean;
  readonly directory: string;
  readonly files: readonly { readonly path: string; readonly size: number; readonly sha256: string }[];
  /** What its chain must come to from the bundles and, for the unsigned one, its repository: after each wave. */
  readonly verdicts: { readonly wave1: StoryVerdict; readonly wave2: StoryVerdict };
}

export interface StoryLogFacts {
  readonly origin: string;
  readonly server: string;
  readonly keyDetails: 'PKIX_ED25519';
  /** DER SubjectPublicKeyInfo, base64. */
  readonly publicKey: string;
  /** Whole log id, lowercase hex. */
  readonly logId: string;
  readonly size: number;
  /** Base64, as checkpoints have it. */
  readonly root: string;
  /** Up to here the log server itself made the tree; entries from here on were added with its key. */
  readonly serverSize: number;
  /** Sizes of which a signed checkpoint is kept, ascending. */
  readonly checkpoints: readonly number[];
  /** Sizes of which a checkpoint is kept that the log's key signed over another root. */
  readonly splitView: readonly number[];
  readonly noise: number;
}

export interface BrokenBundle {
  readonly path: string;
  readonly why: 'not JSON' | 'not a bundle' | 'another trust root' | 'tampered payload';
}

export interface StoryFacts {
  readonly recordedAt: string;
  readonly clients: Readonly<Record<string, string>>;
  readonly logs: readonly StoryLogFacts[];
  readonly models: readonly StoryModel[];
  readonly entries: readonly StoryEntry[];
  readonly unlogged: readonly StoryUnlogged[];
  readonly repositories: readonly StoryRepository[];
  readonly chapters: readonly StoryChapter[];
  readonly broken: readonly BrokenBundle[];
  readonly counts: {
    readonly events: number;
    readonly byLog: Readonly<Record<string, number>>;
    readonly byAuthenticity: Readonly<Record<string, number>>;
    readonly byClaim: Readonly<Record<string, number>>;
    readonly byRule: Readonly<Record<string, number>>;
    /** Verified with an entry in a log; those in none are counted apart. */
    readonly bundlesVerified: number;
    readonly bundlesUnlogged: number;
    readonly bundlesRefused: number;
    /** Data sets included, and what is signed in no log. */
    readonly modelsSigned: number;
    readonly versionsSigned: number;
    readonly noiseIdentities: number;
  };
}

/** What everything must come to once the whole story was read. A bundle makes an event also of what no rule meets or no log has. */
export function countEvents(
  entries: readonly StoryEntry[],
  unlogged: readonly StoryUnlogged[],
): Pick<StoryFacts['counts'], 'events' | 'byLog' | 'byAuthenticity' | 'byClaim' | 'byRule'> {
  const logged = entries.filter(({ rule, bundle }) => rule !== null || bundle !== null);
  return {
    events: logged.length + unlogged.length,
    byLog: countBy(logged.map(({ log }) => log)),
    byAuthenticity: countBy([
      ...logged.map(({ expectedAuthenticity }) => expectedAuthenticity),
      ...unlogged.map(() => 'verified' as const),
    ]),
    byClaim: countBy([...logged.map(({ expectedClaim }) => expectedClaim), ...unlogged.map(() => 'model' as const)]),
    byRule: countBy(logged.flatMap(({ rule }) => rule ?? [])),
  };
}

function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
