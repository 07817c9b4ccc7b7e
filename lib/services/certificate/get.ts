import { asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { certificateMatches, issuedCertificates } from '#db/schema/certificate.ts';
import { checkpoints, logs } from '#db/schema/log.ts';
import { HASH_BYTES } from '#lib/tlog/hash.ts';

const inputSchema = z.object({ id: z.string().max(100) });
type Input = z.input<typeof inputSchema>;

type IssuedRow = typeof issuedCertificates.$inferSelect;

export interface CertificateDetail extends Omit<IssuedRow, 'leaf' | 'inclusionProof' | 'certificate'> {
  readonly origin: string;
  /** Hashes of the inclusion proof that is kept; 0 where there is none. */
  readonly proofHashes: number;
  readonly matches: readonly Omit<typeof certificateMatches.$inferSelect, 'certificateId'>[];
}

/** One certificate that a certificate log showed; null where there is none. */
export async function getCertificate({ db }: OpenDatabase, input: Input): Promise<CertificateDetail | null> {
  const { id } = inputSchema.parse(input);
  const found = db
    .select({ row: issuedCertificates, origin: logs.origin })
    .from(issuedCertificates)
    .innerJoin(logs, eq(logs.id, issuedCertificates.logId))
    .where(eq(issuedCertificates.id, id))
    .get();
  if (!found) return null;
  const { leaf: _, inclusionProof, certificate: _certificate, ...row } = found.row;
  const matches = db
    .select()
    .from(certificateMatches)
    .where(eq(certificateMatches.certificateId, id))
    .orderBy(asc(certificateMatches.rule))
    .all()
    .map(({ certificateId: _id, ...match }) => match);
  return { ...row, origin: found.origin, proofHashes: (inclusionProof?.length ?? 0) / HASH_BYTES, matches };
}

/**
 * All that it takes to check elsewhere that a certificate log has a certificate, in the words of RFC 6962: the leaf, its
 * place, and the tree head that the log signed. JSON; null where it is not kept.
 */
export async function getCertificateProof({ db }: OpenDatabase, input: Input): Promise<string | null> {
  const { id } = inputSchema.parse(input);
  const found = db
    .select({
      leaf: issuedCertificates.leaf,
      index: issuedCertificates.logIndex,
      proof: issuedCertificates.inclusionProof,
      note: checkpoints.note,
      origin: logs.origin,
      logId: logs.logId,
      publicKey: logs.publicKey,
    })
    .from(issuedCertificates)
    .innerJoin(logs, eq(logs.id, issuedCertificates.logId))
    .innerJoin(checkpoints, eq(checkpoints.id, issuedCertificates.checkpointId))
    .where(eq(issuedCertificates.id, id))
    .get();
  if (!found?.proof) return null;
  const { proof } = found;
  const json = {
    log: found.origin,
    log_id: Buffer.from(found.logId, 'hex').toString('base64'),
    key: found.publicKey.toString('base64'),
    leaf_input: found.leaf.toString('base64'),
    leaf_index: found.index,
    audit_path: Array.from({ length: proof.length / HASH_BYTES }, (_, i) =>
      proof.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES).toString('base64'),
    ),
    tree_head: headOf(found.note),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

/** RFC 6962 heads are kept as JSON, those of static logs as notes. */
function headOf(note: string): unknown {
  try {
    return JSON.parse(note);
  } catch {
    return note;
  }
}
