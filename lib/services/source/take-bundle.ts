import { hash } from 'node:crypto';
import { type IngestResult, ingestBundle } from '#lib/services/bundle/ingest.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { Standards } from '#lib/services/standards.ts';
import { type Delivery, recordDelivery } from './deliver.ts';

/** Where bytes that may be a bundle were found. */
export type BundlePlace = Pick<Delivery, 'channel' | 'source' | 'path' | 'modifiedAt'> & {
  /** Of the file that holds it, in bytes; its own where not said. */
  readonly size?: number;
};

/** Takes bytes for a bundle, and lists them with what became of them. Never throws for what they are. */
export function takeBundle(
  ctx: ServiceContext,
  standards: Standards,
  place: BundlePlace,
  bytes: Uint8Array,
): IngestResult {
  const taken = ingestBundle(ctx, bytes, standards);
  recordDelivery(ctx, {
    size: bytes.length,
    ...place,
    sha256: hash('sha256', bytes),
    bundleId: taken.bundleId,
    outcome: taken.outcome,
    ...(taken.outcome === 'refused' && { reasonCode: taken.code, reason: taken.reason, at: taken.at }),
  });
  return taken;
}
