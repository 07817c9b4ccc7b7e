import { and, eq, inArray } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { artifacts, links } from '#db/schema/artifact.ts';
import type { InputRole } from '#lib/attestation/facts.ts';
import { inBatches } from './batch.ts';

const MODEL_ROLES: InputRole[] = ['base-model', 'adapter', 'quantised-from', 'merged-from'];

/**
 * A signature over files does not say whether they are a model or a data set: what those say who may speak of their use
 * does. What anybody makes a model from is a data set, unless somebody makes a model out of it.
 */
export function reviseKinds(tx: Writer, artifactIds: readonly number[]): void {
  for (const { id, kind, role } of [
    ...readUses(tx, artifactIds, 'childId'),
    ...readUses(tx, artifactIds, 'parentId'),
  ]) {
    if (role !== 'dataset' && kind === 'dataset') setKind(tx, id, 'model');
    if (role === 'dataset' && kind === 'model' && !isUsedAsModel(tx, id)) setKind(tx, id, 'dataset');
  }
}

/** As what the inputs of these are used, or these themselves: a thing may be used before it is seen, and the other way. */
function readUses(tx: Writer, artifactIds: readonly number[], end: 'childId' | 'parentId') {
  const read = inBatches((ids) =>
    tx
      .selectDistinct({ id: artifacts.id, kind: artifacts.kind, role: links.role })
      .from(links)
      .innerJoin(artifacts, eq(artifacts.id, links.parentId))
      .where(
        and(
          inArray(links[end], ids),
          eq(links.basis, 'attester'),
          inArray(links.role, ['dataset', ...MODEL_ROLES]),
          inArray(artifacts.kind, ['model', 'dataset']),
        ),
      )
      .prepare(),
  );
  return read(artifactIds);
}

function isUsedAsModel(tx: Writer, id: number): boolean {
  const used = tx
    .select({ id: links.id })
    .from(links)
    .where(and(eq(links.parentId, id), eq(links.basis, 'attester'), inArray(links.role, MODEL_ROLES)))
    .limit(1)
    .get();
  return used !== undefined;
}

function setKind(tx: Writer, id: number, kind: 'model' | 'dataset'): void {
  tx.update(artifacts).set({ kind }).where(eq(artifacts.id, id)).run();
}
