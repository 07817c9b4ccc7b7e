import { and, eq, gte, lt } from 'drizzle-orm';
import { deliveries } from '#db/schema/source.ts';
import { MAX_LIST_BYTES } from '#lib/github/attestation-list.ts';
import type { IngestResult } from '#lib/services/bundle/ingest.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { Standards } from '#lib/services/standards.ts';
import { MAX_BUNDLE_BYTES } from '#lib/sigstore/bundle.ts';
import { bundleFormOf } from './bundle-names.ts';
import { type Delivery, type DeliveryRow, recordDelivery } from './deliver.ts';
import { type FileStamp, readBounded } from './read-bounded.ts';
import { splitBundles } from './split-bundles.ts';
import { takeBundle } from './take-bundle.ts';

const MAX_LINES_BYTES = 64 * 1024 * 1024;
const LIMITS = { bundle: MAX_BUNDLE_BYTES, lines: MAX_LINES_BYTES, 'github-list': MAX_LIST_BYTES };

export interface TakenFile {
  /** Under which paths its bundles are listed: its own, or its own with `#number` behind it. */
  readonly paths: readonly string[];
  readonly results: readonly (IngestResult | { readonly outcome: 'refused'; readonly bundleId: null })[];
}

/**
 * Takes all bundles of a file on disk, and lists each with what became of it. Bundles of one file are listed with the
 * size and time of the file, so that it is known again.
 *
 * @param file absolute.
 * @param place its path in the source.
 */
export async function takeFile(
  ctx: ServiceContext,
  standards: Standards,
  file: string,
  place: Pick<Delivery, 'channel' | 'source' | 'path'>,
): Promise<TakenFile> {
  const form = bundleFormOf(place.path) ?? 'bundle';
  const { bytes, refusal, size, modifiedAt } = await readBounded(file, LIMITS[form]);
  const at = { ...place, size, modifiedAt };
  if (!bytes) return refuseFile(ctx, at, refusal.code, refusal.reason);
  if (form === 'bundle') return { paths: [place.path], results: [takeBundle(ctx, standards, at, bytes)] };
  let contained: ReturnType<typeof splitBundles>;
  try {
    contained = splitBundles(form, bytes);
  } catch (error) {
    return refuseFile(ctx, at, 'unreadable', (error as Error).message);
  }
  const paths = contained.map(({ number }) => `${place.path}#${number}`);
  const results = contained.map((one) =>
    takeBundle(ctx, standards, { ...at, path: `${place.path}#${one.number}` }, one.bytes),
  );
  return { paths, results };
}

function refuseFile(
  ctx: ServiceContext,
  place: Omit<Delivery, 'outcome'>,
  reasonCode: string,
  reason: string,
): TakenFile {
  recordDelivery(ctx, { ...place, outcome: 'refused', reasonCode, reason });
  return { paths: [place.path], results: [{ outcome: 'refused', bundleId: null }] };
}

/** What is listed of a file: its own line, or those of the bundles in it. */
export function deliveriesOf({ database }: ServiceContext, source: string, path: string): readonly DeliveryRow[] {
  const isOf =
    bundleFormOf(path) === 'bundle'
      ? eq(deliveries.path, path)
      : and(gte(deliveries.path, path), lt(deliveries.path, `${path}$`));
  const rows = database.db
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.source, source), isOf))
    .all();
  // `$` comes next to `#`: between them are only the file itself and its numbered bundles, and names that continue oddly.
  return rows.filter((row) => row.path === path || /^#\d+$/.test(row.path.slice(path.length)));
}

/** Whether a file was taken before as it is now, so that it need not be read. */
export function isTakenAlready(rows: readonly DeliveryRow[], stamp: FileStamp): boolean {
  return (
    rows.length > 0 && rows.every(({ size, modifiedAt }) => size === stamp.size && modifiedAt === stamp.modifiedAt)
  );
}
