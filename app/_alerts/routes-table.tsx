import { ALERT, SEVERITY } from '#lib/provenance/alert-words.ts';
import { formatDuration } from '#lib/provenance/format.ts';
import type { ListedRoute } from '#lib/services/alert/list-channels.ts';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';
import { MESSAGE_STATE } from './messages-table.tsx';

/** Routes as they are in force, each with the last message that it led to. */
export function RoutesTable({ routes }: { routes: readonly ListedRoute[] }) {
  return (
    <ScrollArea label="Routes in force">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Route</th>
            <th scope="col">Alerts</th>
            <th scope="col">Channels</th>
            <th scope="col">When</th>
            <th scope="col">Last message</th>
          </tr>
        </thead>
        <tbody>
          {routes.map((route) => (
            <tr key={route.name}>
              <th scope="row" data-label="Route">
                <Value value={route.name} limit={60} isText />
              </th>
              <td data-label="Alerts">{describe(route)}</td>
              <td data-label="Channels">{route.channels.join(', ')}</td>
              <td data-label="When">{when(route)}</td>
              <td data-label="Last">
                <Last route={route} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function Last({ route: { latest } }: { route: ListedRoute }) {
  const [message] = latest;
  if (!message) return <span className="text-muted">none yet</span>;
  return (
    <span className="flex flex-col">
      <StateMark state={MESSAGE_STATE[message.state]} />
      <span className="text-muted">
        {message.channel}, <Time at={message.createdAt} />
      </span>
    </span>
  );
}

function describe({ kinds, severity, rules, models }: ListedRoute): string {
  const what = kinds.length === 0 ? 'All kinds' : kinds.map((kind) => ALERT[kind].word).join(', ');
  const least = severity === 'low' ? '' : `, at least ${SEVERITY[severity].word.toLowerCase()}`;
  const ofRules = rules.length === 0 ? '' : `, of the rules ${rules.join(', ')}`;
  const ofModels = models.length === 0 ? '' : `, of the models ${models.join(', ')}`;
  return `${what}${least}${ofRules}${ofModels}`;
}

function when({ digest, repeat, resolved }: ListedRoute): string {
  const again = repeat === null ? '' : `, again after ${formatDuration(repeat)}`;
  return `${digest}${again}${resolved ? ', and when resolved' : ''}`;
}
