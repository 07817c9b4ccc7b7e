import { formatUtc } from '#lib/provenance/format.ts';
import type { EventSummary } from '#lib/services/event/list.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { Empty } from '../_ui/panel.tsx';
import { Signer, Value } from '../_ui/value.tsx';

/** The newest signatures that a bundle proves to be over a model. */
export function LatestSignings({ events }: { events: readonly EventSummary[] }) {
  if (events.length === 0) {
    return (
      <Empty title="No model signature has been seen yet">
        An event becomes one when its bundle is found in a watched directory.
      </Empty>
    );
  }
  return (
    <table className="table table-stack">
      <thead>
        <tr>
          <th scope="col">Model</th>
          <th scope="col">Signer</th>
          <th scope="col">Signed</th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <tr key={event.id}>
            <th scope="row" data-label="Model" className="sm:min-w-40">
              {event.about?.slug ? (
                <AppLink href={`/models/${event.about.slug}`}>
                  <Value value={event.about.name} limit={40} />
                </AppLink>
              ) : (
                <Value value={event.about?.name ?? event.id} limit={40} />
              )}
            </th>
            <td data-label="Signer">
              <Signer san={event.san} issuer={event.issuer} />
            </td>
            <td data-label="Signed">
              <AppLink href={`/events/${event.id}`} className="link whitespace-nowrap">
                {formatUtc(event.occurredAt)}
              </AppLink>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
