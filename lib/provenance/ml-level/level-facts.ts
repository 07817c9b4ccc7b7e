import type { AttestationFacts } from '#lib/attestation/facts.ts';
import type { CertificateFacts } from '#lib/watch/certificate.ts';
import type { CheckName } from '../check.ts';
import type { LinkState } from '../link-state.ts';
import type { VersionLink } from '../nine-fields.ts';
import type { SignerName } from '../signer.ts';
import type { TrustTable } from './trust-table.ts';

/** What levels are judged from: one statement of provenance, what is known of the version besides, and the operator's table. */
export interface LevelFacts {
  /** Each statement is judged by itself: fields of several make no provenance. Null where nobody with a say states any. */
  readonly statement: StatementEvidence | null;
  readonly version: VersionFacts;
  readonly trust: TrustTable;
}

/** A statement of provenance about the version. */
export interface StatementEvidence {
  readonly bundleId: string | null;
  readonly facts: AttestationFacts;
  /** Whether a digest of its subject is one by which these files are known, by mathematics and not by somebody's word. */
  readonly namesModel: boolean;
  /** Whether that is the OMS root, which covers every file. */
  readonly namesRoot: boolean;
  /** Null for a statement that nobody signed, or whose signature does not verify. */
  readonly signature: StatementSignature | null;
  /** What the statement names as inputs, with what became of each. */
  readonly links: readonly VersionLink[];
  /** The kinds of places in which it was found beside the model; empty where it was only handed in. */
  readonly foundWith: readonly DistributionPlace[];
  /** Summaries about the source commit that it names. */
  readonly reviews: readonly SourceReview[];
}

/** A model repository on disk, an OCI registry, GitHub's attestations of a repository. */
export type DistributionPlace = 'folder' | 'oci' | 'github';

export interface StatementSignature {
  readonly method: 'sigstore' | 'key' | 'certificate';
  readonly signer: SignerName;
  /** Whether it is a signer or attester that an expectation names, or, without one, whoever signed the files first. */
  readonly isExpected: boolean;
  /** Null for keys, and where its log entry is not here. */
  readonly certificate: CertificateFacts | null;
  /** The checks that passed when the bundle was verified. */
  readonly passed: ReadonlySet<CheckName>;
  readonly logged: 'proved' | 'waiting' | 'not-logged';
  /** Milliseconds; null where nothing proves it. */
  readonly signedAt: number | null;
}

/** A verification summary about a commit, by anybody. */
export interface SourceReview {
  readonly certificate: CertificateFacts | null;
  readonly verifier: string | null;
  readonly resource: string | null;
  readonly isPassed: boolean;
  readonly levels: readonly string[];
}

export interface VersionFacts {
  /** The name of the expectation that says who signs this model; null where nobody in particular is expected. */
  readonly expectation: string | null;
  /** Verified signatures over all files. */
  readonly signatures: readonly { readonly signer: SignerName; readonly isExpected: boolean }[];
  /** Whether a program checked the files here and found them good, and before they were first deployed. */
  readonly checked: { readonly firstAt: number; readonly deployedBefore: boolean } | null;
  /** Results that somebody with a say states of it. */
  readonly evaluations: readonly EvaluationEvidence[];
  /** The weakest link upstream; null where no input is stated. */
  readonly weakest: LinkState | null;
  /** The models upstream with the level that each reaches by itself; null where that was not worked out. */
  readonly upstream: readonly { readonly name: string; readonly level: number }[] | null;
}

export interface EvaluationEvidence {
  readonly signer: SignerName;
  readonly isPassed: boolean;
  /** Whether the harness that measured is named by digest. */
  readonly hasHarness: boolean;
}
