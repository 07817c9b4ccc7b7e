import { hash } from 'node:crypto';
import type { OpenDatabase } from '#db/client.ts';
import type { SharedParts } from '#lib/provenance/shared-parts.ts';
import { getBundleBytes } from '#lib/services/bundle/get.ts';
import { policiesInForce } from '#lib/services/config/policies-in-force.ts';
import { getInclusionProof } from '#lib/services/event/get-download.ts';
import { getVersion, type VersionDetail } from '#lib/services/model/get-version.ts';
import type { ModelBundle } from '#lib/services/model/version-bundles.ts';
import { countingAttestations, countingSignings } from './counting.ts';
import { findPublicVersion } from './find-public-version.ts';
import type { Shared } from './find-publication.ts';

export interface PublicProof {
  /** How it is called in addresses; says nothing of what it is called here. */
  readonly key: string;
  readonly kind: 'signature' | 'attestation';
  readonly predicateType: string | null;
  readonly san: string | null;
  readonly issuer: string | null;
  readonly signedAt: number | null;
  readonly method: ModelBundle['method'];
  /** Whether there is a proof that a log has it, beside the one in the bundle. */
  readonly isLogged: boolean;
}

/** Of each kind; events have all others. */
const MOST = 10;

/** Signatures over the files, and, where its chain is shown, the statements about where it comes from. */
export function listPublicProofs(
  database: OpenDatabase,
  detail: VersionDetail,
  parts: SharedParts,
): readonly PublicProof[] {
  return shownBundles(database, detail, parts).map(toProof);
}

/** A signature bundle as it was handed in, or the proof of its place in the log; null where it is not public. */
export async function getPublicProof(
  database: OpenDatabase,
  shared: Shared,
  asked: { readonly version: string | null; readonly key: string; readonly what: 'bundle' | 'inclusion' },
): Promise<Uint8Array | null> {
  if (!shared.parts.proofs) return null;
  const versionId = findPublicVersion(database, shared, asked.version);
  const detail = versionId === null ? null : await getVersion(database, { versionId, fileLimit: 0 });
  const bundle =
    detail && shownBundles(database, detail, shared.parts).find(({ bundleId }) => keyOf(bundleId) === asked.key);
  if (!bundle) return null;
  if (asked.what === 'bundle') return getBundleBytes(database, { id: bundle.bundleId });
  const proof = bundle.eventId === null ? null : await getInclusionProof(database, { id: bundle.eventId });
  return proof === null ? null : new TextEncoder().encode(proof);
}

/** What strangers sign about these files is no proof of anything here, and would let them write on the page. */
function shownBundles(database: OpenDatabase, detail: VersionDetail, parts: SharedParts): readonly ModelBundle[] {
  const policies = policiesInForce(database);
  const counting = parts.chain ? countingAttestations(detail, policies) : new Set<string>();
  const stated = detail.attestations.filter(({ bundleId }) => counting.has(bundleId));
  const signed = countingSignings(detail.signings, detail.model.name, policies);
  return [...signed.slice(0, MOST), ...stated.slice(0, MOST)];
}

function toProof({
  bundleId,
  versionId,
  predicateType,
  san,
  issuer,
  signedAt,
  method,
  eventId,
}: ModelBundle): PublicProof {
  return {
    key: keyOf(bundleId),
    kind: versionId === null ? 'attestation' : 'signature',
    predicateType,
    san,
    issuer,
    signedAt,
    method,
    isLogged: eventId !== null,
  };
}

function keyOf(bundleId: string): string {
  return hash('sha256', `public ${bundleId}`).slice(0, 16);
}
