import { and, eq, isNotNull } from 'drizzle-orm';
import { bundles } from '#db/schema/bundle.ts';
import { versions } from '#db/schema/model.ts';
import { type OmsManifest, readOmsManifest } from '#lib/model-signing/oms.ts';
import { parseStatement } from '#lib/model-signing/statement.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { readBundle } from '#lib/sigstore/bundle.ts';

export interface SignedManifest {
  readonly bundleId: string;
  readonly versionId: string;
  readonly manifest: OmsManifest;
}

/** What a verified model signature signs; null for bundles that are something else, or were refused. */
export function findSignedManifest({ database }: ServiceContext, bundleId: string): SignedManifest | null {
  const row = database.db
    .select({ bytes: bundles.bytes, versionId: versions.id })
    .from(bundles)
    .innerJoin(versions, eq(versions.id, bundles.versionId))
    .where(and(eq(bundles.id, bundleId), eq(bundles.state, 'verified'), isNotNull(bundles.versionId)))
    .get();
  // Read before, when it was verified: what could be read then can be read now.
  const payload = row && readBundle(row.bytes).payload;
  return payload ? { bundleId, versionId: row.versionId, manifest: readOmsManifest(parseStatement(payload)) } : null;
}
