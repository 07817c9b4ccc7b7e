import { formatAge, formatCount, formatIso, formatUtc } from '#lib/provenance/format.ts';
import { INCIDENT_STATE, SEVERITY, TIER } from '#lib/provenance/incident-words.ts';
import type { Tier } from '#lib/provenance/scope.ts';
import type { ListedIncident } from '#lib/services/incident/list.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateGlyph, StateMark } from '../_ui/state-mark.tsx';
import { Value } from '../_ui/value.tsx';

const TIERS = Object.keys(TIER) as Tier[];

/** Incidents one a row, with what each reaches. */
export function IncidentsTable({ incidents, now }: { incidents: readonly ListedIncident[]; now: number }) {
  return (
    <ScrollArea label="Incidents, the newest first">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Incident</th>
            <th scope="col">State</th>
            <th scope="col">Reaches</th>
            <th scope="col">Running</th>
            <th scope="col">Undecided</th>
            <th scope="col">Owner</th>
            <th scope="col">Opened</th>
          </tr>
        </thead>
        <tbody>
          {incidents.map((incident) => (
            <Row key={incident.id} incident={incident} now={now} />
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function Row({ incident, now }: { incident: ListedIncident; now: number }) {
  const { id, number, title, state, severity, counts, owner, openedAt, notice } = incident;
  return (
    <tr>
      <th scope="row" data-label="Incident" className="md:min-w-44">
        <span className="lines">
          <AppLink href={`/incidents/${id}`} className="link font-medium">
            #{number} <Value value={title} limit={90} isText />
          </AppLink>
          {notice === null ? null : <span className="text-muted">consumers are told</span>}
        </span>
      </th>
      <td data-label="State">
        <span className="lines">
          <StateMark state={INCIDENT_STATE[state]} />
          <span className="inline-flex gap-1.5">
            <span className="text-muted">Severity</span>
            <StateMark state={SEVERITY[severity]} />
          </span>
        </span>
      </td>
      <td data-label="Reaches">
        {counts.total === 0 ? <span className="text-muted">nothing known</span> : null}
        <span className="lines">
          {TIERS.filter((tier) => counts.tiers[tier] > 0).map((tier) => (
            <span key={tier} className="inline-flex items-center gap-1.5 whitespace-nowrap" title={TIER[tier].meaning}>
              <StateGlyph tone={TIER[tier].tone} size={12} />
              {formatCount(counts.tiers[tier])} {TIER[tier].word.toLowerCase()}
            </span>
          ))}
        </span>
      </td>
      <td data-label="Running">
        {counts.deployed > 0 ? (
          <span className="font-medium text-broken">{formatCount(counts.deployed)}</span>
        ) : (
          <span className="text-muted">none</span>
        )}
      </td>
      <td data-label="Undecided">{formatCount(counts.undecided)}</td>
      <td data-label="Owner" className="md:min-w-24">
        {owner === null ? <span className="text-muted">nobody</span> : <Value value={owner} limit={40} isText />}
      </td>
      <td data-label="Opened">
        <span className="lines">
          <time dateTime={formatIso(openedAt)} className="whitespace-nowrap">
            {formatUtc(openedAt)}
          </time>
          <span className="text-muted">{formatAge(openedAt, now)}</span>
        </span>
      </td>
    </tr>
  );
}
