import { and, eq } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { declarations } from '#db/schema/artifact.ts';
import type { DeclarationFacts } from '#lib/declaration/facts.ts';
import { recordLinks } from '#lib/services/graph/record-links.ts';

export interface DeclaredFile {
  readonly source: string;
  readonly path: string;
  /** Of the bytes that were read: for weights, of their header. */
  readonly sha256: string;
  readonly facts: DeclarationFacts;
}

/**
 * Stores what an unsigned file declares of the model that it lies beside, with its links. The same file of the same model
 * is stored once, and replaced when it changed.
 *
 * @returns the artifacts whose links may have changed; none where the file is known as it is.
 */
export function recordDeclaration(tx: Writer, artifactId: number, file: DeclaredFile, now: number): number[] {
  const { source, path, sha256, facts } = file;
  const place = and(
    eq(declarations.source, source),
    eq(declarations.path, path),
    eq(declarations.artifactId, artifactId),
  );
  const written = JSON.stringify(facts);
  const known = tx.select().from(declarations).where(place).get();
  if (known?.sha256 === sha256 && known.facts === written) return [];
  const set = { kind: facts.kind, sha256, facts: written };
  const { id } = tx
    .insert(declarations)
    .values({ source, path, artifactId, ...set, firstSeenAt: now })
    .onConflictDoUpdate({ target: [declarations.source, declarations.path, declarations.artifactId], set })
    .returning({ id: declarations.id })
    .get();
  return [
    artifactId,
    ...recordLinks(tx, { childId: artifactId, document: { declarationId: id }, inputs: facts.inputs }, now),
  ];
}
