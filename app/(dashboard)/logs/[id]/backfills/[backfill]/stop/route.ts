import { stopBackfill } from '#lib/services/backfill/stop.ts';
import { INSTEAD, refuseForm } from '../../../../../../_logs/backfill-form.ts';
import { FormRefusedError } from '../../../../../../_server/local-form.ts';
import { roleForm } from '../../../../../../_server/role-form.ts';
import { rowNumber } from '../../../../../../_server/row-number.ts';

export const dynamic = 'force-dynamic';

/** From the page of a log: ends an open back-fill. */
export async function POST(
  request: Request,
  { params }: { params: Promise<{ id: string; backfill: string }> },
): Promise<Response> {
  const given = await params;
  const logId = rowNumber(given.id);
  const id = rowNumber(given.backfill);
  return roleForm(request, { role: 'admin', instead: INSTEAD }, async (ctx) => {
    if (logId === null || id === null) throw new FormRefusedError(404, 'There is no such back-fill.');
    await refuseForm(() => stopBackfill(ctx, { logId, id }));
    return `/logs/${logId}#backfills`;
  });
}
