import { and, eq, exists, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/sqlite-core';
import type { Writer } from '#db/client.ts';
import { artifactAliases, artifacts, declarations, links, verdicts } from '#db/schema/artifact.ts';
import { versions } from '#db/schema/model.ts';
import type { AliasName } from '#lib/provenance/input-name.ts';
import { mergeIncidentParts } from '#lib/services/incident/merge-parts.ts';
import { statesDigest } from './stored-link.ts';
import { UNSETTLED } from './unsettled.ts';

/** Makes `loser` part of `survivor`: all that points to it points there from now on, and nothing is judged any more. */
export function mergeArtifacts(tx: Writer, survivor: number, loser: number): void {
  moveDeclarations(tx, survivor, loser);
  moveOwnLinks(tx, survivor, loser);
  tx.update(links).set({ parentId: survivor, reason: UNSETTLED }).where(eq(links.parentId, loser)).run();
  tx.update(versions).set({ artifactId: survivor }).where(eq(versions.artifactId, loser)).run();
  tx.update(verdicts).set({ artifactId: survivor }).where(eq(verdicts.artifactId, loser)).run();
  tx.update(artifactAliases).set({ artifactId: survivor }).where(eq(artifactAliases.artifactId, loser)).run();
  mergeIncidentParts(tx, survivor, loser);
  const lost = tx.select().from(artifacts).where(eq(artifacts.id, loser)).get();
  tx.delete(artifacts).where(eq(artifacts.id, loser)).run();
  tx.update(artifacts)
    .set({
      signatureReason: UNSETTLED,
      name: sql`coalesce(${artifacts.name}, ${lost?.name ?? null})`,
      firstSeenAt: sql`min(${artifacts.firstSeenAt}, ${lost?.firstSeenAt ?? 0})`,
    })
    .where(eq(artifacts.id, survivor))
    .run();
}

/** Gives links that state a digest to the artifact that the digest turned out to be. */
export function moveLinksStating(tx: Writer, name: AliasName, from: number, to: number): void {
  const stated = tx
    .select({ id: links.id, role: links.role, digests: links.digests })
    .from(links)
    .where(eq(links.parentId, from))
    .all();
  for (const link of stated) {
    if (!statesDigest(link, name)) continue;
    tx.update(links).set({ parentId: to, reason: UNSETTLED }).where(eq(links.id, link.id)).run();
  }
  tx.update(artifacts).set({ signatureReason: UNSETTLED }).where(eq(artifacts.id, to)).run();
}

/** One file beside both is one declaration. */
function moveDeclarations(tx: Writer, survivor: number, loser: number): void {
  const kept = alias(declarations, 'kept');
  tx.delete(declarations)
    .where(
      and(
        eq(declarations.artifactId, loser),
        exists(
          tx
            .select({ id: kept.id })
            .from(kept)
            .where(
              and(
                eq(kept.artifactId, survivor),
                eq(kept.source, declarations.source),
                eq(kept.path, declarations.path),
              ),
            ),
        ),
      ),
    )
    .run();
  tx.update(declarations).set({ artifactId: survivor }).where(eq(declarations.artifactId, loser)).run();
}

/** A document that stated the same input of both states it once. */
function moveOwnLinks(tx: Writer, survivor: number, loser: number): void {
  const place = ({ bundleId, declarationId, position }: typeof links.$inferSelect) =>
    `${bundleId} ${declarationId} ${position}`;
  const kept = new Set(tx.select().from(links).where(eq(links.childId, survivor)).all().map(place));
  for (const link of tx.select().from(links).where(eq(links.childId, loser)).all()) {
    if (kept.has(place(link))) tx.delete(links).where(eq(links.id, link.id)).run();
    else tx.update(links).set({ childId: survivor, reason: UNSETTLED }).where(eq(links.id, link.id)).run();
  }
}
