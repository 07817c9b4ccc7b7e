import { isModelSignature, readOmsManifest } from '#lib/model-signing/oms.ts';
import { parseStatement, STATEMENT_PAYLOAD_TYPE, type Subject } from '#lib/model-signing/statement.ts';
import type { Check } from '#lib/provenance/check.ts';
import type { ParsedBundle } from '#lib/sigstore/bundle.ts';
import { contentChecks } from '#lib/sigstore/content-checks.ts';

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
  const manifest = isModelSignature(predicateType) ? readOmsManifest(statement) : null;
  checks.push(...contentChecks(statement, manifest));
  if (!manifest) return { kind: 'statement', predicateType, subjects };
  const { name, root, hashType, method, resources, ignorePaths } = manifest;
  const files = resources.map((resource) => ({
    name: resource.name,
    algorithm: resource.algorithm,
    digest: resource.digest,
  }));
  return { kind: 'model', predicateType, name, root, hashType, method, files, ignorePaths };
}
