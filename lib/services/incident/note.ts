import type { ServiceContext } from '#lib/services/context.ts';
import { changeIncident, type IncidentChange, type IncidentRow } from './change.ts';
import { LONGEST, readText } from './texts.ts';

/** Keeps a note in an incident's audit trail: plain text with line breaks, that nobody can change later. @throws {IncidentError} */
export function addNote(
  ctx: ServiceContext,
  { text, ...change }: IncidentChange & { readonly text: string },
): IncidentRow {
  const note = readText('note', text, LONGEST.text);
  return changeIncident(ctx, change, () => ({ action: 'incident.noted', detail: { text: note } }));
}
