import { eq } from 'drizzle-orm';
import { bundleSubjects, bundles } from '#db/schema/bundle.ts';
import { refusedFiles } from '#db/schema/source.ts';
import { stableId } from '#lib/ids.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { artifactsOfBundle } from '#lib/services/graph/artifacts-of-bundle.ts';
import { recordFault } from '#lib/services/log/record-fault.ts';
import { settle } from '#lib/services/settle.ts';
import type { Standards } from '#lib/services/standards.ts';
import { type ParsedBundle, readBundle } from '#lib/sigstore/bundle.ts';
import { BundleError } from '#lib/sigstore/bundle-error.ts';
import { verifyAnyBundle } from '#lib/sigstore/verify-any.ts';
import { type Contradiction, findContradiction } from './find-contradiction.ts';
import { keepHeads } from './keep-heads.ts';
import { keepRefusedFile } from './keep-refused-file.ts';
import { linkBundle } from './link.ts';
import { type BundleContent, readBundleContent } from './read-content.ts';
import { recordStatement } from './record-statement.ts';
import { toBundleRow } from './to-row.ts';

export type IngestResult =
  | { readonly outcome: 'accepted'; readonly bundleId: string; readonly isNew: boolean }
  | {
      readonly outcome: 'refused';
      /** Null for bytes that could not even be read as a bundle; they are kept as a refused file. */
      readonly bundleId: string | null;
      readonly code: string;
      readonly reason: string;
      /** The field or character at fault; null where it is the whole. */
      readonly at: string | null;
    };

/**
 * Takes one bundle: reads it strictly, verifies it by the standards in force, understands its statement, stores it once,
 * joins it with its log entry, whichever of the two came first, and settles the graph and the findings that it changes.
 * What is refused is kept with its reason. Never throws for what the bytes are.
 */
export function ingestBundle(ctx: ServiceContext, bytes: Uint8Array, standards: Standards): IngestResult {
  const parsed = tryRead(bytes);
  if (parsed instanceof BundleError) {
    keepRefusedFile(ctx, bytes, parsed, standards);
    return { outcome: 'refused', bundleId: null, code: parsed.code, reason: parsed.message, at: parsed.at };
  }
  const id = stableId('bundle', parsed.sha256);
  const known = ctx.database.db.select().from(bundles).where(eq(bundles.id, id)).get();
  // A bundle that an older version stored is read again: it knew less of statements.
  if (known?.state === 'verified' && known.judgedUnder !== '') {
    return { outcome: 'accepted', bundleId: id, isNew: false };
  }
  const now = ctx.now();
  const judged = verifyAnyBundle(parsed, standards.root, standards.operator, {
    now,
    seenAt: known?.firstSeenAt ?? now,
  });
  const content = readBundleContent(parsed, judged);
  const row = toBundleRow({ id, bytes, parsed, judged, content, now, standards });
  let contradiction: Contradiction | null = null;
  ctx.database.db.transaction(
    (tx) => {
      // Refused before, under other standards perhaps: when it was first seen stays.
      const { firstSeenAt: _, ...set } = row;
      tx.insert(bundles).values(row).onConflictDoUpdate({ target: bundles.id, set }).run();
      tx.delete(refusedFiles).where(eq(refusedFiles.sha256, parsed.sha256)).run();
      if (row.state !== 'verified') return;
      contradiction = findContradiction(tx, parsed);
      keepHeads(tx, id, parsed, now);
      storeSubjects(tx, id, content);
      const touched = recordStatement(tx, { bundleId: id, content, now });
      linkBundle(tx, ctx.database.sqlite, id, parsed);
      const artifactIds = [...new Set([...touched.artifactIds, ...artifactsOfBundle(tx, id)])];
      settle(tx, { policies: standards.policies, artifactIds, cause: `bundle ${id}`, now });
    },
    { behavior: 'immediate' },
  );
  raise(ctx, contradiction);
  if (row.state === 'verified') return { outcome: 'accepted', bundleId: id, isNew: !known };
  return {
    outcome: 'refused',
    bundleId: id,
    code: row.reasonCode ?? 'refused',
    reason: row.reason ?? '',
    at: row.at ?? null,
  };
}

/** The bundle is good, the log is not: it is frozen with both checkpoints as evidence. */
function raise(ctx: ServiceContext, contradiction: Contradiction | null): void {
  if (contradiction) recordFault(ctx, contradiction.log, contradiction.fault);
}

function tryRead(bytes: Uint8Array): ParsedBundle | BundleError {
  try {
    return readBundle(bytes);
  } catch (error) {
    if (error instanceof BundleError) return error;
    throw error;
  }
}

function storeSubjects(
  tx: Parameters<typeof recordStatement>[0],
  bundleId: string,
  { statement }: BundleContent,
): void {
  statement?.subjects.forEach((subject, position) => {
    for (const { algorithm, digest } of subject.digests) {
      tx.insert(bundleSubjects)
        .values({ bundleId, position, name: subject.name, algorithm, digest })
        .onConflictDoNothing()
        .run();
    }
  });
}
