import { SEVERITY, type Severity } from '#lib/provenance/incident-words.ts';
import type { Scope } from '#lib/provenance/scope.ts';
import type { IncidentDetail } from '#lib/services/incident/get.ts';
import { CodeBlock } from '../_ui/code-block.tsx';
import { Panel } from '../_ui/panel.tsx';

interface OpenProps {
  readonly scope: Scope;
  readonly owners: readonly { readonly id: string; readonly name: string }[];
  readonly canAct: boolean;
}

/** Opens an incident about the very scope that is previewed. */
export function OpenForm({ scope, owners, canAct }: OpenProps) {
  if (!canAct) {
    return (
      <Panel title="Open an incident" id="open">
        <p className="mb-2">You may look. Somebody who may investigate opens it here, or with</p>
        <CodeBlock
          label="command to open an incident"
          text={`modeltrail incident open --title TITLE --severity high --scope scope.json`}
        />
      </Panel>
    );
  }
  return (
    <Panel
      title="Open an incident"
      id="open"
      note="From then on what is proven, descends from it or declares it is refused by verify, the API and the check at load time, until it is cleared. What merely cannot be excluded is told of."
    >
      <form
        action="/incidents/open"
        method="post"
        className="grid grid-cols-1 items-end gap-3 lg:grid-cols-[minmax(0,2fr)_10rem_minmax(0,14rem)_auto]"
      >
        <input type="hidden" name="scope" value={JSON.stringify(scope)} />
        <label className="flex min-w-0 flex-col gap-1">
          <span className="text-[0.8125rem] text-muted">Title</span>
          <input name="title" required maxLength={200} className="control w-full" />
        </label>
        <label className="flex min-w-0 flex-col gap-1">
          <span className="text-[0.8125rem] text-muted">Severity</span>
          <select name="severity" defaultValue="high" className="control w-full">
            {(Object.keys(SEVERITY) as Severity[]).map((severity) => (
              <option key={severity} value={severity}>
                {SEVERITY[severity].word}
              </option>
            ))}
          </select>
        </label>
        <label className="flex min-w-0 flex-col gap-1">
          <span className="text-[0.8125rem] text-muted">Owner</span>
          <select name="owner" defaultValue="" className="control w-full">
            <option value="">Nobody yet</option>
            {owners.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" className="button button-accent w-fit">
          Open the incident
        </button>
      </form>
    </Panel>
  );
}

/** Gives an incident the scope that is previewed. */
export function EditScopeForm({
  incident,
  scope,
  canAct,
}: {
  incident: IncidentDetail;
  scope: Scope;
  canAct: boolean;
}) {
  if (!canAct || incident.state === 'closed') return null;
  return (
    <Panel
      title={`Use it for incident #${incident.number}`}
      id="open"
      note="What was decided stays, also for what the scope reaches no more."
    >
      <form action={`/incidents/${incident.id}/scope`} method="post">
        <input type="hidden" name="scope" value={JSON.stringify(scope)} />
        <input type="hidden" name="updatedAt" value={incident.updatedAt} />
        <button type="submit" className="button button-accent">
          Save this scope
        </button>
      </form>
    </Panel>
  );
}
