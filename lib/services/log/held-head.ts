import { and, eq } from 'drizzle-orm';
import { checkpoints } from '#db/schema/log.ts';
import type { SignedCheckpoint } from '#lib/rekor/checkpoint.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { noteDigest, witnessColumns } from './store-checkpoint.ts';

/**
 * Whether this very statement of the log is stored as verified. The same text signed or cosigned anew is the same statement:
 * what is stored of it then says the newest of its witnesses, instead of a row for every look.
 */
export function holdsHead({ database }: ServiceContext, logId: number, checkpoint: SignedCheckpoint): boolean {
  const { db } = database;
  const held = db
    .select()
    .from(checkpoints)
    .where(
      and(
        eq(checkpoints.logId, logId),
        eq(checkpoints.size, checkpoint.size),
        eq(checkpoints.root, Buffer.from(checkpoint.root)),
        eq(checkpoints.state, 'verified'),
      ),
    )
    .all()
    .find(({ note }) => textOf(note) === textOf(checkpoint.note));
  if (!held) return false;
  const { witnesses } = checkpoint;
  if (held.note === checkpoint.note || !witnesses || witnesses.cosigned.length < held.cosignatures) return true;
  db.update(checkpoints)
    .set({ note: checkpoint.note, noteSha256: noteDigest(checkpoint), ...witnessColumns(checkpoint) })
    .where(eq(checkpoints.id, held.id))
    .run();
  return true;
}

/** What is signed: all before the empty line in front of the signatures. */
function textOf(note: string): string {
  const end = note.lastIndexOf('\n\n');
  return end < 0 ? note : note.slice(0, end);
}
