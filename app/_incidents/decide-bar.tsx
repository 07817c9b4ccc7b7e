import { formatCount } from '#lib/provenance/format.ts';
import { TIER } from '#lib/provenance/incident-words.ts';
import type { Tier } from '#lib/provenance/scope.ts';
import type { IncidentDetail } from '#lib/services/incident/get.ts';

/** The reason, which every decision needs, and the buttons for many at once. Part of the form around the table. */
export function DecideBar({ incident, tier }: { incident: IncidentDetail; tier: Tier | null }) {
  const all =
    tier === null ? 'all that are undecided' : `all undecided ones that are “${TIER[tier].word.toLowerCase()}”`;
  return (
    <div className="grid grid-cols-1 items-end gap-3 border-b border-line bg-sunken/40 p-3 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_auto]">
      <input type="hidden" name="updatedAt" value={incident.updatedAt} />
      {/* What joins after this page was made was not looked at. */}
      <input type="hidden" name="by" value={incident.evaluatedAt} />
      {tier === null ? null : <input type="hidden" name="tier" value={tier} />}
      <label className="flex min-w-0 flex-col gap-1">
        <span className="text-[0.8125rem] text-muted">Reason, needed for every decision</span>
        <input name="reason" required maxLength={2000} className="control w-full" />
      </label>
      <label className="flex min-w-0 flex-col gap-1">
        <span className="text-[0.8125rem] text-muted">Decide about</span>
        <select name="which" defaultValue="ticked" className="control w-full">
          <option value="ticked">those that are ticked</option>
          <option value="all">
            {all}
            {tier === null ? ` (${formatCount(incident.counts.undecided)})` : ''}
          </option>
        </select>
      </label>
      <span className="flex flex-wrap gap-2">
        <button type="submit" name="decision" value="affected" className="button">
          Affected
        </button>
        <button type="submit" name="decision" value="cleared" className="button">
          Cleared
        </button>
        <button type="submit" name="decision" value="undecided" className="button">
          Take back
        </button>
      </span>
    </div>
  );
}
