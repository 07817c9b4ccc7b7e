import { and, eq } from 'drizzle-orm';
import type { Db } from '#db/client.ts';
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
  const held = statements(db, logId, checkpoint).find(({ state }) => state === 'verified');
  if (!held) return false;
  const { witnesses } = checkpoint;
  if (held.note === checkpoint.note || !witnesses || witnesses.cosigned.length < held.cosignatures) return true;
  // Another way may have brought the same text and signatures first: they are kept once.
  if (hasNote(db, logId, checkpoint)) return true;
  db.update(checkpoints)
    .set({ note: checkpoint.note, noteSha256: noteDigest(checkpoint), ...witnessColumns(checkpoint) })
    .where(eq(checkpoints.id, held.id))
    .run();
  return true;
}

/** Whether the log itself has shown us this very statement before, whatever became of it and whoever signed it too. */
export function isKept({ database }: ServiceContext, logId: number, checkpoint: SignedCheckpoint): boolean {
  return statements(database.db, logId, checkpoint).some(({ seenFrom }) => seenFrom === 'log');
}

function hasNote(db: Db, logId: number, checkpoint: SignedCheckpoint): boolean {
  const isIt = and(eq(checkpoints.logId, logId), eq(checkpoints.noteSha256, noteDigest(checkpoint)));
  return db.select({ id: checkpoints.id }).from(checkpoints).where(isIt).get() !== undefined;
}

function statements(db: Db, logId: number, checkpoint: SignedCheckpoint) {
  const { size, root, note } = checkpoint;
  return db
    .select()
    .from(checkpoints)
    .where(and(eq(checkpoints.logId, logId), eq(checkpoints.size, size), eq(checkpoints.root, Buffer.from(root))))
    .all()
    .filter((stored) => textOf(stored.note) === textOf(note));
}

/** What is signed: all before the empty line in front of the signatures. */
function textOf(note: string): string {
  const end = note.lastIndexOf('\n\n');
  return end < 0 ? note : note.slice(0, end);
}
