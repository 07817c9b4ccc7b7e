import type { AttestationFacts } from '#lib/attestation/facts.ts';
import type { OmsManifest } from '#lib/model-signing/oms.ts';
import { STATEMENT_PAYLOAD_TYPE, type Subject } from '#lib/model-signing/statement.ts';
import type { StatementError } from '#lib/model-signing/statement-error.ts';
import type { Check } from '#lib/provenance/check.ts';
import { readBundleContent } from '#lib/services/bundle/read-content.ts';
import type { ParsedBundle } from '#lib/sigstore/bundle.ts';

/** What a verified bundle signs. Names in it, and all facts, are the signer's claims. */
export type SignedContent =
  | { readonly kind: 'file'; readonly digests: Readonly<Record<string, string>> }
  | { readonly kind: 'payload'; readonly payloadType: string; readonly sha256: string }
  | {
      readonly kind: 'statement';
      readonly predicateType: string;
      readonly subjects: readonly Subject[];
      readonly facts: AttestationFacts;
    }
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

export interface ReadContent {
  /** Null where there is a problem. */
  readonly content: SignedContent | null;
  /** Of an in-toto payload that is no careful statement, or of an OMS manifest that does not give its root. */
  readonly problem: StatementError | null;
  readonly checks: readonly Check[];
}

/** Reads what a bundle signs, once its signature is known to be good, in the way in which it is taken up. */
export function readSignedContent(parsed: ParsedBundle): ReadContent {
  const { payload, payloadType, payloadSha256, signed } = parsed;
  if (!payload) {
    const digests = Object.entries(signed).filter((entry): entry is [string, string] => entry[1] !== null);
    return { content: { kind: 'file', digests: Object.fromEntries(digests) }, problem: null, checks: [] };
  }
  if (payloadType !== STATEMENT_PAYLOAD_TYPE) {
    const content = { kind: 'payload', payloadType: payloadType ?? '', sha256: payloadSha256 ?? '' } as const;
    return { content, problem: null, checks: [] };
  }
  const { statement, manifest, facts, problem, checks } = readBundleContent(parsed, { outcome: 'verified' });
  if (manifest && statement) return { content: describeModel(manifest, statement.predicateType), problem, checks };
  if (!facts || !statement) return { content: null, problem, checks };
  const { predicateType, subjects } = statement;
  return { content: { kind: 'statement', predicateType, subjects, facts }, problem, checks };
}

function describeModel(manifest: OmsManifest, predicateType: string): SignedContent {
  const { name, root, hashType, method, resources, ignorePaths } = manifest;
  const files = resources.map((resource) => ({
    name: resource.name,
    algorithm: resource.algorithm,
    digest: resource.digest,
  }));
  return { kind: 'model', predicateType, name, root, hashType, method, files, ignorePaths };
}
