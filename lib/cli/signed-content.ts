import { isModelSignature, readOmsManifest } from '#lib/model-signing/oms.ts';
import { parseStatement, STATEMENT_PAYLOAD_TYPE, type Subject } from '#lib/model-signing/statement.ts';
import type { Check } from '#lib/provenance/check.ts';
import type { ParsedBundle } from '#lib/sigstore/bundle.ts';

/** What a verified bundle signs. Names in it are the signer's claims. */
export type SignedContent =
  | { readonly kind: 'file'; readonly digests: Readonly<Record<string, string>> }
  | { readonly kind: 'payload'; readonly payloadType: string; readonly sha256: string }
  | { readonly kind: 'statement'; readonly predicateType: string; readonly subjects: readonly Subject[] }
  | {
      readonly kind: 'model';
      readonly predicateType: string;
      readonly name: string;
      readonly root: string;
      readonly hashType: string;
      readonly method: 'files' | 'shards';
      readonly files: readonly { readonly name: string; readonly algorithm: string; readonly digest: string }[];
      readonly ignorePaths: readonly string[];
    };

/**
 * Reads what a bundle signs, once its signature is known to be good. Adds the checks made on the way.
 *
 * @throws {StatementError} for an in-toto payload that is no careful statement, or an OMS manifest that does not give its root.
 */
export function readSignedContent(parsed: ParsedBundle, checks: Check[]): SignedContent {
  const { payload, payloadType, payloadSha256, signed } = parsed;
  if (!payload) {
    const digests = Object.entries(signed).filter((entry): entry is [string, string] => entry[1] !== null);
    return { kind: 'file', digests: Object.fromEntries(digests) };
  }
  if (payloadType !== STATEMENT_PAYLOAD_TYPE) {
    return { kind: 'payload', payloadType: payloadType ?? '', sha256: payloadSha256 ?? '' };
  }
  const statement = parseStatement(payload);
  const { predicateType, subjects } = statement;
  checks.push({
    name: 'statement',
    outcome: 'passed',
    statement: 'The payload is a well-formed in-toto statement.',
    evidence: { 'predicate type': predicateType, subjects: String(subjects.length) },
  });
  if (!isModelSignature(predicateType)) return { kind: 'statement', predicateType, subjects };
  const { name, root, rootStated, rootOrder, hashType, method, resources, ignorePaths } = readOmsManifest(statement);
  checks.push({
    name: 'oms-root',
    outcome: rootStated ? 'passed' : 'not-made',
    statement: rootStated
      ? `The root recomputed from the ${resources.length} listed digests is the one that was signed.`
      : 'This old format states no root: files could have been added beside those listed.',
    evidence: { root, order: rootOrder, 'hash type': hashType },
  });
  const files = resources.map((resource) => ({
    name: resource.name,
    algorithm: resource.algorithm,
    digest: resource.digest,
  }));
  return { kind: 'model', predicateType, name, root, hashType, method, files, ignorePaths };
}
