import type { Signing } from '#lib/provenance/timeline.ts';
import type { ModelBundle, ModelDetail } from '#lib/services/model/get.ts';
import type { UnclaimedSigning } from '#lib/services/model/list-unclaimed.ts';

/** Signings drawn and listed; a model with more shows the newest. */
export const SIGNING_LIMIT = 300;

/** A signing with where to read about it. */
export interface ModelSigning extends Signing {
  readonly eventId: string | null;
  readonly bundle: ModelBundle | null;
}

/** All signings that have to do with a model, newest first: over its files, about them, and those nobody has shown. */
export function collectSignings(detail: ModelDetail, unclaimed: readonly UnclaimedSigning[]): ModelSigning[] {
  const signings = detail.versions.flatMap((version) => [
    ...version.signings.map((bundle) => toSigning(bundle, 'model', version.root)),
    ...version.attestations.map((bundle) => toSigning(bundle, 'attestation', version.root)),
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
  return [...signings, ...open].sort((a, b) => b.at - a.at).slice(0, SIGNING_LIMIT);
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

function toSigning(bundle: ModelBundle, kind: 'model' | 'attestation', root: string): ModelSigning {
  return {
    id: bundle.bundleId,
    kind,
    at: bundle.at,
    san: bundle.san,
    issuer: bundle.issuer,
    authenticity: bundle.authenticity ?? 'verified',
    label:
      kind === 'model'
        ? `version ${root.slice(0, 12)}`
        : `${shortType(bundle.predicateType)} about version ${root.slice(0, 12)}`,
    eventId: bundle.eventId,
    bundle,
  };
}

/** The end of a predicate type: enough to tell types apart in a line. */
export function shortType(predicateType: string | null): string {
  return predicateType?.replace(/^https?:\/\//, '') ?? 'statement';
}
