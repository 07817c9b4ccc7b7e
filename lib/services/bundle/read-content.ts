import type { AttestationFacts } from '#lib/attestation/facts.ts';
import { readAttestation } from '#lib/attestation/read.ts';
import { isModelSignature, type OmsManifest, readOmsManifest } from '#lib/model-signing/oms.ts';
import { parseStatement, STATEMENT_PAYLOAD_TYPE, type Statement } from '#lib/model-signing/statement.ts';
import { StatementError } from '#lib/model-signing/statement-error.ts';
import type { Check } from '#lib/provenance/check.ts';
import type { ParsedBundle } from '#lib/sigstore/bundle.ts';
import { contentChecks } from '#lib/sigstore/content-checks.ts';

/** What a bundle signs, as far as it could be understood. */
export interface BundleContent {
  readonly statement: Statement | null;
  /** Of a model signature. */
  readonly manifest: OmsManifest | null;
  /** Of any other statement. */
  readonly facts: AttestationFacts | null;
  readonly problem: StatementError | null;
  readonly checks: readonly Check[];
}

const NOTHING: BundleContent = { statement: null, manifest: null, facts: null, problem: null, checks: [] };

/** Reads the statement of a bundle: only once its signature is known to be good. */
export function readBundleContent(parsed: ParsedBundle, verdict: { readonly outcome: string }): BundleContent {
  if (verdict.outcome !== 'verified' || !parsed.payload || parsed.payloadType !== STATEMENT_PAYLOAD_TYPE) {
    return NOTHING;
  }
  try {
    const statement = parseStatement(parsed.payload);
    if (isModelSignature(statement.predicateType)) {
      const manifest = readOmsManifest(statement);
      return { ...NOTHING, statement, manifest, checks: contentChecks(statement, manifest) };
    }
    const facts = readAttestation(statement);
    return { ...NOTHING, statement, facts, checks: [...contentChecks(statement, null), attestationCheck(facts)] };
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    const evidence = { code: error.code, ...(error.at === null ? {} : { field: error.at }) };
    const check: Check = { name: 'statement', outcome: 'failed', statement: error.message, evidence };
    return { ...NOTHING, problem: error, checks: [check] };
  }
}

function attestationCheck({ kind, format, inputs, remarks }: AttestationFacts): Check {
  const evidence = {
    kind: `${kind} ${format}`.trim(),
    inputs: String(inputs.length),
    ...Object.fromEntries(remarks.slice(0, 20).map((remark, i) => [`passed over ${i + 1}`, remark])),
  };
  return kind === 'other'
    ? {
        name: 'attestation',
        outcome: 'not-made',
        statement: 'The predicate is of a kind that is not read here: its subjects are known, nothing else.',
        evidence,
      }
    : {
        name: 'attestation',
        outcome: 'passed',
        statement: 'The predicate has the form that its kind asks for.',
        evidence,
      };
}
