import { hash } from 'node:crypto';
import { DeclarationError } from '#lib/declaration/declaration-error.ts';
import type { DeclarationFacts, DeclarationKind } from '#lib/declaration/facts.ts';
import { readDeclaration } from '#lib/declaration/recognise.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { type Delivery, recordDelivery } from './deliver.ts';
import type { DeclaredFile } from './record-declaration.ts';

/**
 * Reads a declaring file and lists it with what became of it.
 *
 * @param bytes the whole file, or of weights the start that holds the header.
 * @returns null where it is not what its name says; the reason is listed.
 */
export function takeDeclaration(
  ctx: ServiceContext,
  place: Pick<Delivery, 'channel' | 'source' | 'path' | 'size' | 'modifiedAt'>,
  kind: DeclarationKind,
  bytes: Uint8Array,
): DeclaredFile | null {
  const sha256 = hash('sha256', bytes);
  let facts: DeclarationFacts;
  try {
    facts = readDeclaration(kind, bytes);
  } catch (error) {
    if (!(error instanceof DeclarationError)) throw error;
    recordDelivery(ctx, { ...place, sha256, outcome: 'refused', reasonCode: error.code, reason: error.message });
    return null;
  }
  recordDelivery(ctx, { ...place, sha256, outcome: 'accepted' });
  return { source: place.source, path: place.path, sha256, facts };
}
