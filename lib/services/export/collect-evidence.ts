import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { stableId } from '#lib/ids.ts';
import { slugOf } from '#lib/provenance/slug.ts';
import { getEvent } from '#lib/services/event/get.ts';
import { listFindingsOfModel, type ModelFinding } from '#lib/services/finding/list-of-model.ts';
import { getLogKey } from '#lib/services/log/get-download.ts';
import { getModel, type ModelDetail, type ModelVersion } from '#lib/services/model/get.ts';
import type { ModelBundle } from '#lib/services/model/version-bundles.ts';

const inputSchema = z.object({
  /** Slug or exact name. */
  model: z.string().min(1).max(8192),
  /** Label, id or root of the versions that are meant; null for all. */
  version: z.string().min(1).max(8192).nullable(),
});

const MOST_FINDINGS = 500;

/** What there is to show of a model, without the bytes of files. */
export interface ModelEvidence {
  readonly model: ModelDetail['model'];
  readonly versions: readonly ModelVersion[];
  /** Versions too old to be listed. */
  readonly olderVersions: number;
  /** Signatures and statements of these versions, each once. */
  readonly bundles: readonly ModelBundle[];
  readonly entries: readonly LoggedEntry[];
  /** Up to 500, what is so still first. */
  readonly findings: readonly ModelFinding[];
}

export interface LoggedEntry {
  readonly eventId: string;
  /** Null where the entry or its proof is not kept, and for logs that are not followed. */
  readonly log: {
    readonly id: number;
    readonly origin: string;
    readonly logId: string;
    readonly keyDetails: string;
    /** SPKI DER. */
    readonly key: Uint8Array;
  } | null;
}

/** The evidence of a model, or of one version of it; null where no such model is known, without versions where no such one is. */
export async function collectEvidence(
  database: OpenDatabase,
  input: z.input<typeof inputSchema>,
): Promise<ModelEvidence | null> {
  const { model: named, version } = inputSchema.parse(input);
  const detail = await findModel(database, named);
  if (!detail) return null;
  const { model, olderVersions } = detail;
  const versions = detail.versions.filter(
    ({ id, label, root }) => version === null || [id, label, root, `sha256:${root}`].includes(version),
  );
  const all = versions.flatMap(({ signings, attestations }) => [...signings, ...attestations]);
  const bundles = [...new Map(all.map((bundle) => [bundle.bundleId, bundle])).values()];
  const eventIds = new Set(bundles.flatMap(({ eventId }) => eventId ?? []));
  return {
    model,
    versions,
    olderVersions: version === null ? olderVersions : 0,
    bundles,
    entries: await Promise.all([...eventIds].map((id) => readEntry(database, id))),
    findings: await listFindingsOfModel(database, { modelId: model.id, limit: MOST_FINDINGS }),
  };
}

async function findModel(database: OpenDatabase, named: string): Promise<ModelDetail | null> {
  const byName = await getModel(database, { slug: slugOf(named, stableId('model', named)) });
  if (byName?.model.name === named) return byName;
  return named.length > 200 ? null : getModel(database, { slug: named });
}

async function readEntry(database: OpenDatabase, eventId: string): Promise<LoggedEntry> {
  const detail = await getEvent(database, { id: eventId });
  if (!detail?.log || !detail.event.entry || !detail.event.inclusionProof) return { eventId, log: null };
  const { id, origin, logId, keyDetails } = detail.log;
  const key = await getLogKey(database, { id });
  return { eventId, log: key && { id, origin, logId, keyDetails, key } };
}
