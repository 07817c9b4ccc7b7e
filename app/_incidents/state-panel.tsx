import { INCIDENT_STATE, NEXT_STATES, SEVERITY, type Severity } from '#lib/provenance/incident-words.ts';
import type { IncidentDetail } from '#lib/services/incident/get.ts';
import { Facts } from '../_ui/facts.tsx';
import { Panel } from '../_ui/panel.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';

interface Props {
  readonly incident: IncidentDetail;
  readonly owners: readonly { readonly id: string; readonly name: string }[];
  readonly canAct: boolean;
}

/** Where an incident is, how bad it is and who looks after it; for those who may, with the forms that change it. */
export function StatePanel({ incident, owners, canAct }: Props) {
  const { id, state, severity, ownerId, owner, updatedAt, closedAt } = incident;
  const seen = <input type="hidden" name="updatedAt" value={updatedAt} />;
  const others = NEXT_STATES[state].filter((next) => next !== 'closed');
  return (
    <Panel title="State and owner" id="state">
      <Facts
        facts={[
          ['State', <StateMark key="state" state={INCIDENT_STATE[state]} />],
          [
            '',
            <span key="meaning" className="text-muted">
              {INCIDENT_STATE[state].meaning}
            </span>,
          ],
          ['Severity', <StateMark key="severity" state={SEVERITY[severity]} />],
          ['Owner', owner ?? 'nobody'],
          ['Last changed', <Time key="updated" at={updatedAt} />],
          ...(closedAt === null ? [] : [['Closed', <Time key="closed" at={closedAt} />] as const]),
        ]}
      />
      {canAct ? (
        <div className="mt-4 flex flex-col gap-4 border-t border-line pt-4">
          <form action={`/incidents/${id}/state`} method="post" className="flex flex-wrap gap-2">
            {seen}
            {others.map((next) => (
              <button key={next} type="submit" name="state" value={next} className="button">
                {state === 'closed' ? 'Reopen' : INCIDENT_STATE[next].word}
              </button>
            ))}
          </form>
          <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
            <form action={`/incidents/${id}/severity`} method="post" className="flex items-end gap-2">
              {seen}
              <label className="flex min-w-0 flex-1 flex-col gap-1">
                <span className="text-[0.8125rem] text-muted">Severity</span>
                <select name="severity" defaultValue={severity} className="control w-full">
                  {(Object.keys(SEVERITY) as Severity[]).map((word) => (
                    <option key={word} value={word}>
                      {SEVERITY[word].word}
                    </option>
                  ))}
                </select>
              </label>
              <button type="submit" className="button">
                Set
              </button>
            </form>
            <form action={`/incidents/${id}/owner`} method="post" className="flex items-end gap-2">
              {seen}
              <label className="flex min-w-0 flex-1 flex-col gap-1">
                <span className="text-[0.8125rem] text-muted">Owner</span>
                <select name="owner" defaultValue={ownerId ?? ''} className="control w-full">
                  <option value="">Nobody</option>
                  {owners.map((user) => (
                    <option key={user.id} value={user.id}>
                      {user.name}
                    </option>
                  ))}
                </select>
              </label>
              <button type="submit" className="button">
                Assign
              </button>
            </form>
          </div>
          {state === 'closed' ? null : (
            <form action={`/incidents/${id}/state`} method="post" className="flex flex-col gap-2">
              {seen}
              <label className="flex min-w-0 flex-col gap-1">
                <span className="text-[0.8125rem] text-muted">
                  Resolution: what came of it. What is undecided then ({incident.counts.undecided}) is refused no more.
                </span>
                <textarea name="resolution" required rows={3} maxLength={8000} className="control w-full" />
              </label>
              <button type="submit" name="state" value="closed" className="button w-fit">
                Close the incident
              </button>
            </form>
          )}
        </div>
      ) : null}
    </Panel>
  );
}
