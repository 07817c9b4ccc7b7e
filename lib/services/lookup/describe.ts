import type { OpenDatabase } from '#db/client.ts';
import { formatIso } from '#lib/provenance/format.ts';
import { AUTHENTICITY, type Authenticity, CLAIM, type Claim, SIGNATURE } from '#lib/provenance/state.ts';
import { getBundle } from '#lib/services/bundle/get.ts';
import { getModel } from '#lib/services/model/get.ts';
import { getVersion } from '#lib/services/model/get-version.ts';
import { getVerification } from '#lib/services/verification/get.ts';
import type { KnownThing } from './known-thing.ts';

interface EventFacts {
  readonly id: string;
  readonly authenticity: Authenticity;
  readonly claim: Claim;
  readonly san: string | null;
  readonly issuer: string | null;
  readonly occurredAt: number;
  readonly origin?: string | null | undefined;
  readonly logIndex: number | null;
}

export function describeEvent(event: EventFacts): KnownThing {
  const { id, authenticity, claim, san, issuer, occurredAt, origin, logIndex } = event;
  return {
    kind: 'event',
    name: id,
    state: AUTHENTICITY[authenticity].word,
    page: `/events/${id}`,
    facts: {
      claim: CLAIM[claim].word,
      ...(san === null ? {} : { signer: san }),
      ...(issuer === null ? {} : { issuer }),
      ...(origin && logIndex !== null ? { entry: `${logIndex} of ${origin}` } : {}),
      at: formatIso(occurredAt),
    },
  };
}

/** A bundle by its id; null where there is none. */
export async function describeBundle(database: OpenDatabase, id: string): Promise<KnownThing | null> {
  const bundle = await getBundle(database, { id });
  if (!bundle) return null;
  const { state, reason, sha256, san, issuer, predicateType, eventId, firstSeenAt } = bundle;
  return {
    kind: 'bundle',
    name: id,
    state,
    page: eventId === null ? `/api/v1/bundles/${id}` : `/events/${eventId}`,
    facts: {
      sha256,
      ...(reason === null ? {} : { reason }),
      ...(predicateType === null ? {} : { states: predicateType }),
      ...(san === null ? {} : { signer: san }),
      ...(issuer === null ? {} : { issuer }),
      'first seen': formatIso(firstSeenAt),
    },
  };
}

/** A model by its slug; null where there is none. */
export async function describeModel(database: OpenDatabase, slug: string): Promise<KnownThing | null> {
  const detail = await getModel(database, { slug });
  if (!detail) return null;
  const { model, versions, olderVersions } = detail;
  const [newest] = versions;
  return {
    kind: 'model',
    name: model.name,
    state: newest ? SIGNATURE[newest.signature ?? 'unknown'].word : null,
    page: `/models/${model.slug}`,
    facts: {
      versions: String(versions.length + olderVersions),
      ...(newest ? { newest: newest.label ?? newest.id, root: `sha256:${newest.root}`, at: formatIso(newest.at) } : {}),
      ...(newest?.signings[0]?.san ? { signer: newest.signings[0].san } : {}),
    },
  };
}

/** A version by its id; null where there is none. */
export async function describeVersion(database: OpenDatabase, versionId: string): Promise<KnownThing | null> {
  const detail = await getVersion(database, { versionId, fileLimit: 0 });
  if (!detail) return null;
  const { model, version, artifact, signings } = detail;
  return {
    kind: 'version',
    name: version.label === null ? model.name : `${model.name} ${version.label}`,
    state: SIGNATURE[artifact?.signature ?? 'unknown'].word,
    page: `/models/${model.slug}?version=${encodeURIComponent(version.id)}`,
    facts: {
      id: version.id,
      model: model.name,
      root: `sha256:${version.root}`,
      files: String(version.fileCount),
      ...(artifact ? { signature: artifact.signatureReason } : {}),
      ...(signings[0]?.san ? { signer: signings[0].san } : {}),
    },
  };
}

/** A receipt by its id; null where there is none. */
export async function describeVerification(database: OpenDatabase, id: string): Promise<KnownThing | null> {
  const detail = await getVerification(database, { id });
  if (!detail) return null;
  const { name, createdAt, fileCount, first, latest } = detail;
  return {
    kind: 'verification',
    name: name || id,
    state: latest.answer.outcome,
    page: `/verifications/${id}`,
    facts: {
      id,
      files: String(fileCount),
      'handed in': formatIso(createdAt),
      'said then': first.answer.sentence,
      'said now': latest.answer.sentence,
    },
  };
}
