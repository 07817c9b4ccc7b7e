import { inArray } from 'drizzle-orm';
import type { Db, Writer } from '#db/client.ts';
import { artifacts } from '#db/schema/artifact.ts';
import type { LinkState, SignatureState } from '#lib/provenance/link-state.ts';
import { SIGNATURE } from '#lib/provenance/state.ts';
import { noticeSentence } from '#lib/provenance/use-notice.ts';
import { inBatches } from '#lib/services/graph/batch.ts';
import { allNoticesOf } from '#lib/services/incident/all-notices-of.ts';
import { type Notice, noticesOf } from '#lib/services/incident/notices-of.ts';

/** Whether something should run, and what speaks against it. */
export interface RunVerdict {
  readonly signature: SignatureState;
  readonly signatureReason: string;
  /** The weakest link upstream; null where no input is stated. */
  readonly weakest: LinkState | null;
  /** What is wrong with the thing itself, a sentence each. */
  readonly faults: readonly string[];
  /** These, and the incidents that refuse it: a pipeline should stop where there is any. */
  readonly refusals: readonly string[];
  readonly notices: readonly Notice[];
}

const GOOD: ReadonlySet<SignatureState> = new Set(['verified', 'unlogged']);

/**
 * Whether these may run, by artifact. Refused is what nobody signed who should, what contradicts itself on where it comes
 * from, what an incident refuses, and what its signer retracted. Links to inputs that are merely unproven are told, and refuse nothing.
 */
export function judgeRunning(db: Db | Writer, artifactIds: readonly number[]): Map<number, RunVerdict> {
  const read = inBatches<number, typeof artifacts.$inferSelect>((ids) =>
    db.select().from(artifacts).where(inArray(artifacts.id, ids)).prepare(),
  );
  const notices = noticesOf(db, artifactIds);
  const all = allNoticesOf(db, artifactIds);
  return new Map(
    read(artifactIds).map(({ id, signature, signatureReason, weakest }) => {
      const own = notices.filter(({ artifactId }) => artifactId === id);
      const faults = [
        ...(GOOD.has(signature) ? [] : [`${SIGNATURE[signature].word}: ${signatureReason}`]),
        ...(weakest === 'conflict' ? ['What is said of where it comes from is contradicted.'] : []),
      ];
      const refusals = [
        ...faults,
        ...own.flatMap(({ refuses, number, title }) =>
          refuses ? [`It is part of incident #${number}: ${title}`] : [],
        ),
        ...(all.get(id) ?? []).flatMap((notice) => (notice.kind === 'retraction' ? noticeSentence(notice) : [])),
      ];
      return [id, { signature, signatureReason, weakest, faults, refusals, notices: own }];
    }),
  );
}
