import { parseStatement, STATEMENT_V1 } from '#lib/model-signing/statement.ts';
import { readAttestation } from './read.ts';

const PREDICATE_TYPE = 'https://slsa.dev/verification_summary/v1';
/** The version of SLSA whose levels are meant. */
const SLSA_VERSION = '1.2';

/** An in-toto statement v1, not signed. */
export interface SummaryStatement {
  readonly _type: string;
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicateType: string;
  readonly predicate: Readonly<Record<string, unknown>>;
}

/** What was verified, by whom, and with which result. */
export interface VerificationSummary {
  /** `root`: the OMS root in lowercase hex. */
  readonly subject: { readonly name: string; readonly root: string };
  /** URI of who verified. */
  readonly verifier: string;
  readonly software: string;
  readonly resource: string;
  readonly policy: string;
  /** Milliseconds since the epoch. */
  readonly verifiedAt: number;
  /** The highest level of each track; empty where the policy is not met. */
  readonly levels: readonly string[];
  /** How many dependencies reach each level. */
  readonly dependencyLevels: Readonly<Record<string, number>>;
  /** SHA-256 of the bundles that were looked at, lowercase hex. */
  readonly inputs: readonly string[];
}

/**
 * A verification summary (slsa.dev/spec/v1.2/verification_summary) as an in-toto statement, to be signed by whoever
 * stands behind it. Unsigned it proves nothing.
 *
 * @throws {StatementError} for what our own reader would refuse.
 */
export function verificationSummaryStatement(summary: VerificationSummary): SummaryStatement {
  const { subject, verifier, software, levels, inputs } = summary;
  const statement = {
    _type: STATEMENT_V1,
    subject: [{ name: subject.name, digest: { sha256: subject.root } }],
    predicateType: PREDICATE_TYPE,
    predicate: {
      verifier: { id: verifier, version: { modeltrail: software } },
      timeVerified: new Date(summary.verifiedAt).toISOString(),
      resourceUri: summary.resource,
      policy: { uri: summary.policy },
      inputAttestations: inputs.map((sha256) => ({ digest: { sha256 } })),
      verificationResult: levels.length > 0 ? 'PASSED' : 'FAILED',
      verifiedLevels: levels.length > 0 ? levels : ['FAILED'],
      dependencyLevels: summary.dependencyLevels,
      slsaVersion: SLSA_VERSION,
    },
  };
  readAttestation(parseStatement(new TextEncoder().encode(JSON.stringify(statement))));
  return statement;
}
