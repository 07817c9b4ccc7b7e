import { hash } from 'node:crypto';
import { refusedFiles } from '#db/schema/source.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { Standards } from '#lib/services/standards.ts';
import { MAX_BUNDLE_BYTES } from '#lib/sigstore/bundle.ts';
import type { BundleError } from '#lib/sigstore/bundle-error.ts';

/** Keeps bytes that cannot be read as a bundle, so that a later version can try them again. Too large ones are not kept. */
export function keepRefusedFile(
  ctx: ServiceContext,
  bytes: Uint8Array,
  error: BundleError,
  standards: Standards,
): void {
  if (bytes.length > MAX_BUNDLE_BYTES) return;
  const now = ctx.now();
  const tried = { code: error.code, reason: error.message, at: error.at, triedAt: now, judgedUnder: standards.id };
  ctx.database.db
    .insert(refusedFiles)
    .values({ sha256: hash('sha256', bytes), bytes: Buffer.from(bytes), firstSeenAt: now, ...tried })
    .onConflictDoUpdate({ target: refusedFiles.sha256, set: tried })
    .run();
}
