import type { Signing } from '#lib/provenance/timeline.ts';
import type { ModelDetail, ModelVersion } from '#lib/services/model/get.ts';
import type { UnclaimedSigning } from '#lib/services/model/list-unclaimed.ts';
import type { ModelBundle } from '#lib/services/model/version-bundles.ts';

/** Signings drawn and listed; a model with more shows the newest. */
const SIGNING_LIMIT = 300;

/** A signing with where to read about it. */
export interface ModelSigning extends Signing {
  readonly eventId: string | null;
  readonly bundle: ModelBundle | null;
}

/**
 * All signings that have to do with a model, newest first: over its files, about them, and those nobody has shown.
 * `older` counts those beyond the limit.
 */
export function collectSignings(
  detail: ModelDetail,
  unclaimed: readonly UnclaimedSigning[],
): { readonly signings: readonly ModelSigning[]; readonly older: number } {
  const signings = detail.versions.flatMap((version) => [
    ...version.signings.map((bundle) => toSigning(bundle, bundle.signedAt === null ? 'undated' : 'model', version)),
    ...version.attestations.map((bundle) => toSigning(bundle, 'attestation', version)),
    ...(version.signings.length === 0 ? [toObserved(version)] : []),
  ]);
  const open = unclaimed.map(
    ({ id, ...signing }): ModelSigning => ({
      ...signing,
      id,
      kind: 'unclaimed',
      label: 'nobody has shown of what',
      eventId: id,
      bundle: null,
    }),
  );
  const all = [...signings, ...open].sort((a, b) => b.at - a.at);
  return { signings: all.slice(0, SIGNING_LIMIT), older: Math.max(0, all.length - SIGNING_LIMIT) };
}

/** The signers of a model's files and of statements about them, without repetition. */
export function signersOf(detail: ModelDetail): { san: string; issuer: string | null }[] {
  const signers = new Map<string, { san: string; issuer: string | null }>();
  for (const version of detail.versions) {
    for (const { san, issuer } of [...version.signings, ...version.attestations]) {
      if (san !== null) signers.set(JSON.stringify([san, issuer]), { san, issuer });
    }
  }
  return [...signers.values()];
}

function toSigning(
  bundle: ModelBundle,
  kind: 'model' | 'undated' | 'attestation',
  version: ModelVersion,
): ModelSigning {
  return {
    // One statement can be about several versions of a model.
    id: kind === 'attestation' ? `${bundle.bundleId}-${version.id}` : bundle.bundleId,
    kind,
    at: bundle.at,
    san: bundle.san,
    issuer: bundle.issuer,
    authenticity: bundle.authenticity ?? 'verified',
    label: kind === 'attestation' ? `${statementWords(bundle)} about ${versionName(version)}` : versionName(version),
    eventId: bundle.eventId,
    bundle,
  };
}

/** Where it was first seen, since nothing proves more. */
function toObserved(version: ModelVersion): ModelSigning {
  return {
    id: version.id,
    kind: 'observed',
    at: version.firstSeenAt,
    san: null,
    issuer: null,
    authenticity: 'unverifiable',
    label: versionName(version),
    eventId: null,
    bundle: null,
  };
}

/** What to call a version: its label is a claim, its root is not. */
export function versionName({ label, root }: { label: string | null; root: string }): string {
  return label === null ? `version ${root.slice(0, 12)}` : `version ${label} (${root.slice(0, 8)})`;
}

/** The end of a predicate type: enough to tell types apart in a line. */
export function shortType(predicateType: string | null): string {
  return predicateType?.replace(/^https?:\/\//, '') ?? 'statement';
}

const KINDS: Readonly<Record<string, string>> = {
  'slsa-provenance': 'SLSA provenance',
  'test-result': 'test result',
  'verification-summary': 'verification summary',
  scai: 'SCAI report',
  cyclonedx: 'CycloneDX bill of materials',
  spdx: 'SPDX bill of materials',
  croissant: 'Croissant description',
  evaluation: 'evaluation',
  retraction: 'retraction',
};

/** What kind of statement a bundle holds, in words where we know it. */
export function statementWords(bundle: {
  readonly kind: string | null;
  readonly predicateType: string | null;
}): string {
  return KINDS[bundle.kind ?? ''] ?? shortType(bundle.predicateType);
}
