import { eq } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { configState } from '#db/schema/job.ts';
import type { Config } from '#lib/config/schema.ts';
import { NO_TRUST, type TrustTable } from '#lib/provenance/ml-level/trust-table.ts';

let remembered: { readonly inForce: string; readonly table: TrustTable } | null = null;

/** Whom the configuration in force believes on builds and source code; nobody where it was stored before there were levels. */
export function trustTableInForce({ db }: OpenDatabase): TrustTable {
  const inForce = db
    .select({ inForce: configState.inForce })
    .from(configState)
    .where(eq(configState.id, 1))
    .get()?.inForce;
  if (inForce === undefined) return NO_TRUST;
  if (remembered?.inForce !== inForce) {
    const { builders } = JSON.parse(inForce) as Partial<Pick<Config, 'builders'>>;
    remembered = { inForce, table: builders ?? NO_TRUST };
  }
  return remembered.table;
}
