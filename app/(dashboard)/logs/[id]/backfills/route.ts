import { askHistory } from '#lib/services/backfill/ask-history.ts';
import { askRuleSearch } from '#lib/services/backfill/ask-rule-search.ts';
import { INSTEAD, refuseForm } from '../../../../_logs/backfill-form.ts';
import { FormRefusedError } from '../../../../_server/local-form.ts';
import { roleForm } from '../../../../_server/role-form.ts';
import { rowNumber } from '../../../../_server/row-number.ts';

export const dynamic = 'force-dynamic';

const MOST_RULES = 1000;
const LONGEST_NAME = 8192;

/** From the forms of a log's page: reads its past, or searches what rules named by `rule` have not seen. */
export async function POST(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const logId = rowNumber((await params).id);
  return roleForm(request, { role: 'admin', instead: INSTEAD }, async (ctx, form) => {
    if (logId === null) throw new FormRefusedError(404, 'There is no such log.');
    const rules = form.getAll('rule');
    if (rules.length > MOST_RULES || rules.some((name) => name === '' || name.length > LONGEST_NAME)) {
      throw new FormRefusedError(400, 'The form names no rules that could be.');
    }
    if (rules.length > 0) {
      await refuseForm(() => askRuleSearch(ctx, { logId, rules }));
    } else if (form.get('history') === 'yes') {
      await refuseForm(() => askHistory(ctx, { logId }));
    } else {
      throw new FormRefusedError(400, 'The form says neither which rules to search for, nor to read the past.');
    }
    return `/logs/${logId}#backfills`;
  });
}
