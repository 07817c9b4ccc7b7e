import { asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { versionFiles } from '#db/schema/model.ts';
import { getBundleBytes } from '#lib/services/bundle/get.ts';
import type { ModelBundle } from '#lib/services/model/version-bundles.ts';
import { readBundle } from '#lib/sigstore/bundle.ts';

const inputSchema = z.object({ versionId: z.string().max(100) });

export interface ExportedManifest {
  /** Every resource in the signed order. */
  readonly resources: readonly { readonly name: string; readonly algorithm: string; readonly digest: string }[];
  /** The statement that the newest signature signs, byte for byte; null where nobody signed the files. */
  readonly statement: Uint8Array | null;
}

/** The manifest of a version, whole. @param input `signings` newest first, as `getModel` gives them. */
export async function getManifest(
  database: OpenDatabase,
  { signings, ...input }: z.input<typeof inputSchema> & { readonly signings: readonly Pick<ModelBundle, 'bundleId'>[] },
): Promise<ExportedManifest> {
  const { versionId } = inputSchema.parse(input);
  const { path: name, algorithm, digest } = versionFiles;
  const resources = database.db
    .select({ name, algorithm, digest })
    .from(versionFiles)
    .where(eq(versionFiles.versionId, versionId))
    .orderBy(asc(versionFiles.position))
    .all();
  const [newest] = signings;
  const bytes = newest ? await getBundleBytes(database, { id: newest.bundleId }) : null;
  return { resources, statement: bytes && readBundle(bytes).payload };
}
