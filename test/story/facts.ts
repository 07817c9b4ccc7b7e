/** story.json: the facts that tests compare the product with. */

export type Authenticity = 'verified' | 'impersonation' | 'unverifiable';
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
  /** The rule of modeltrail.yaml that it meets; null where none does, and then it is no event. */
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

export interface StoryModel {
  readonly model: string;
  readonly version: string;
  readonly omsRoot: string;
  /** Whether a kept bundle signs it. */
  readonly signed: boolean;
  readonly directory: string;
  readonly files: readonly { readonly path: string; readonly size: number; readonly sha256: string }[];
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
  readonly broken: readonly BrokenBundle[];
  readonly counts: {
    readonly events: number;
    readonly byLog: Readonly<Record<string, number>>;
    readonly byAuthenticity: Readonly<Record<string, number>>;
    readonly byClaim: Readonly<Record<string, number>>;
    readonly byRule: Readonly<Record<string, number>>;
    readonly bundlesVerified: number;
    readonly bundlesRefused: number;
    readonly modelsSigned: number;
    readonly versionsSigned: number;
    readonly noiseIdentities: number;
  };
}

/** What the rules must come to once the whole story was read. */
export function countEvents(
  entries: readonly StoryEntry[],
): Pick<StoryFacts['counts'], 'events' | 'byLog' | 'byAuthenticity' | 'byClaim' | 'byRule'> {
  const events = entries.filter((entry) => entry.rule !== null);
  const by = (key: (entry: StoryEntry) => string): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const event of events) counts[key(event)] = (counts[key(event)] ?? 0) + 1;
    return counts;
  };
  return {
    events: events.length,
    byLog: by((event) => event.log),
    byAuthenticity: by((event) => event.expectedAuthenticity),
    byClaim: by((event) => event.expectedClaim),
    byRule: by((event) => event.rule ?? ''),
  };
}
