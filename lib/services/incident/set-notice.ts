import type { ServiceContext } from '#lib/services/context.ts';
import { changeIncident, type IncidentChange, type IncidentRow } from './change.ts';
import { LONGEST, readText } from './texts.ts';

/** Says in public what consumers are told of an incident, as plain text; null to say nothing any more. @throws {IncidentError} */
export function setNotice(
  ctx: ServiceContext,
  { notice, ...change }: IncidentChange & { readonly notice: string | null },
): IncidentRow {
  const wording = notice === null ? null : readText('notice', notice, LONGEST.reason);
  return changeIncident(ctx, change, (_, incident, at) => {
    if (incident.notice === wording) return null;
    return {
      action: wording === null ? 'incident.notice-withdrawn' : 'incident.notice-set',
      detail: { before: incident.notice, notice: wording },
      set: { notice: wording, noticeAt: wording === null ? null : at },
    };
  });
}
