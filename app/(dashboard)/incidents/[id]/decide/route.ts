import { TIERS } from '#db/schema/incident.ts';
import { decideArtifacts, MOST_DECIDED } from '#lib/services/incident/decide.ts';
import { listIncidentArtifactIds } from '#lib/services/incident/list-artifacts.ts';
import { incidentForm, oneOf } from '../../../../_incidents/incident-form.ts';
import { FormRefusedError } from '../../../../_server/local-form.ts';

export const dynamic = 'force-dynamic';

const DECISIONS = ['affected', 'cleared', 'undecided'] as const;

/**
 * Decides about the ticked artifacts, about one whose own button was pressed (`one`: `12 affected`), or about all undecided ones
 * of the list as it was shown.
 */
export async function POST(request: Request, context: { params: Promise<{ id: string }> }): Promise<Response> {
  return incidentForm(request, context, (ctx, change, form) => {
    const reason = form.get('reason') ?? '';
    const one = form.get('one');
    if (one !== null) {
      const [id = '', word = ''] = one.split(' ');
      const decision = oneOf(new URLSearchParams({ decision: word }), 'decision', DECISIONS);
      decideArtifacts(ctx, { ...change, artifactIds: [numberOf(id)], decision: orNull(decision), reason });
      return '#artifacts';
    }
    const decision = orNull(oneOf(form, 'decision', DECISIONS));
    const isAll = form.get('which') === 'all';
    const artifactIds = isAll ? allOf(ctx.database, change.id, form) : form.getAll('artifact').map(numberOf);
    decideArtifacts(ctx, { ...change, artifactIds, decision, reason });
    return '#artifacts';
  });
}

/** What joined since the page was loaded was not looked at, and is not decided. */
function allOf(database: Parameters<typeof listIncidentArtifactIds>[0], id: string, form: URLSearchParams): number[] {
  const tier = form.get('tier') ? oneOf(form, 'tier', TIERS) : undefined;
  const by = numberOf(form.get('by') ?? '');
  return listIncidentArtifactIds(database, {
    id,
    filter: { tier, decision: 'undecided' },
    by,
    limit: MOST_DECIDED + 1,
  });
}

function orNull(decision: (typeof DECISIONS)[number]): 'affected' | 'cleared' | null {
  return decision === 'undecided' ? null : decision;
}

/** @throws {FormRefusedError} */
function numberOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new FormRefusedError(400, 'The form names an artifact that cannot be one.');
  return Number(text);
}
