import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { bundleSubjects, bundles } from '#db/schema/bundle.ts';
import { eventCertificates } from '#db/schema/certificate.ts';
import { eventMatches, events } from '#db/schema/event.ts';
import { checkpoints, logs } from '#db/schema/log.ts';
import { models, versions } from '#db/schema/model.ts';
import type { Check } from '#lib/provenance/check.ts';
import type { CertificateFacts } from '#lib/watch/certificate.ts';

const inputSchema = z.object({ id: z.string().max(100) });

export type EventRow = typeof events.$inferSelect;

/** Without the place of the key in the DER, which is of use to the DER alone. */
export type StoredCertificate = Omit<CertificateFacts, 'spki'>;

export interface EventDetail {
  readonly event: EventRow;
  readonly certificate: StoredCertificate | null;
  readonly checks: readonly Check[];
  readonly rules: readonly (typeof eventMatches.$inferSelect)[];
  readonly log: Pick<typeof logs.$inferSelect, 'id' | 'origin' | 'logId' | 'keyDetails' | 'readUrl'> | null;
  readonly checkpoint: typeof checkpoints.$inferSelect | null;
  readonly bundles: readonly LinkedBundle[];
  /** Whether a certificate log has its certificate; null for bare keys and certificates of nobody's. */
  readonly certificateLog: Pick<typeof eventCertificates.$inferSelect, 'state' | 'reason' | 'certificateId'> | null;
}

/** A bundle joined with the event, without its bytes. */
export interface LinkedBundle {
  readonly id: string;
  readonly sha256: string;
  readonly state: 'verified' | 'refused';
  readonly mediaType: string;
  readonly content: 'dsse' | 'message';
  readonly predicateType: string | null;
  readonly linkedBy: 'leaf' | 'digest' | null;
  readonly checks: readonly Check[];
  readonly subjects: readonly { readonly name: string; readonly algorithm: string; readonly digest: string }[];
  readonly version: {
    readonly root: string;
    readonly fileCount: number;
    readonly name: string;
    readonly slug: string;
  } | null;
}

/** Subjects shown of one bundle; a statement may name thousands. */
const SUBJECT_LIMIT = 50;

/** One event with all that is known of it, or null. */
export async function getEvent(
  database: OpenDatabase,
  input: z.input<typeof inputSchema>,
): Promise<EventDetail | null> {
  const { id } = inputSchema.parse(input);
  const { db } = database;
  const event = db.select().from(events).where(eq(events.id, id)).get();
  if (!event) return null;
  const log = event.logId === null ? undefined : db.select().from(logs).where(eq(logs.id, event.logId)).get();
  const checkpoint =
    event.checkpointId === null
      ? undefined
      : db.select().from(checkpoints).where(eq(checkpoints.id, event.checkpointId)).get();
  return {
    event,
    certificate: event.certificate === null ? null : (JSON.parse(event.certificate) as StoredCertificate),
    checks: [...(JSON.parse(event.checks) as Check[]), ...rootCheck(event, checkpoint)],
    rules: db.select().from(eventMatches).where(eq(eventMatches.eventId, id)).orderBy(eventMatches.rule).all(),
    log: log
      ? { id: log.id, origin: log.origin, logId: log.logId, keyDetails: log.keyDetails, readUrl: log.readUrl }
      : null,
    checkpoint: checkpoint ?? null,
    bundles: readBundles(database, id),
    certificateLog:
      db
        .select({
          state: eventCertificates.state,
          reason: eventCertificates.reason,
          certificateId: eventCertificates.certificateId,
        })
        .from(eventCertificates)
        .where(eq(eventCertificates.eventId, id))
        .get() ?? null,
  };
}

/** Made once for all entries of a checkpoint, when the last of them was read: so it is the checkpoint that tells. */
function rootCheck(event: EventRow, checkpoint: typeof checkpoints.$inferSelect | undefined): Check[] {
  if (event.seenBy !== 'tail' || !checkpoint) return [];
  const root = checkpoint.root.toString('base64');
  const evidence = { size: String(checkpoint.size), root };
  if (checkpoint.state === 'verified') {
    const statement = `The root recomputed from the entries up to ${checkpoint.size} is the one that the log signed.`;
    return [{ name: 'root-recomputed', outcome: 'passed', statement, evidence }];
  }
  const statement = 'Not all entries of this checkpoint have been read yet; the entry itself is bound to its root.';
  return [{ name: 'root-recomputed', outcome: 'not-made', statement, evidence }];
}

function readBundles({ db }: OpenDatabase, eventId: string): LinkedBundle[] {
  const rows = db
    .select({
      id: bundles.id,
      sha256: bundles.sha256,
      state: bundles.state,
      mediaType: bundles.mediaType,
      content: bundles.content,
      predicateType: bundles.predicateType,
      linkedBy: bundles.linkedBy,
      checks: bundles.checks,
      versionId: bundles.versionId,
    })
    .from(bundles)
    .where(eq(bundles.eventId, eventId))
    .orderBy(bundles.firstSeenAt, bundles.id)
    .all();
  return rows.map(({ versionId, checks, ...row }) => {
    const subjects = db
      .select({ name: bundleSubjects.name, algorithm: bundleSubjects.algorithm, digest: bundleSubjects.digest })
      .from(bundleSubjects)
      .where(eq(bundleSubjects.bundleId, row.id))
      .orderBy(bundleSubjects.position)
      .limit(SUBJECT_LIMIT)
      .all();
    const about = versionId
      ? eq(versions.id, versionId)
      : sql`${versions.root} IN (SELECT ${bundleSubjects.digest} FROM ${bundleSubjects} WHERE ${and(eq(bundleSubjects.bundleId, row.id))})`;
    const version = db
      .select({ root: versions.root, fileCount: versions.fileCount, name: models.name, slug: models.slug })
      .from(versions)
      .innerJoin(models, eq(models.id, versions.modelId))
      .where(about)
      .get();
    return { ...row, checks: JSON.parse(checks) as Check[], subjects, version: version ?? null };
  });
}
