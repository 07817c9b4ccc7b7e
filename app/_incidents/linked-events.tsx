import type { IncidentDetail } from '#lib/services/incident/get.ts';
import { SignerLink } from '../_identities/signer-link.tsx';
import { AppLink } from '../_ui/app-link.tsx';
import { Nothing, Panel } from '../_ui/panel.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';
import { PlainText } from './plain-text.tsx';

/** Signing events that somebody put beside an incident, and why. */
export function LinkedEvents({ incident, canAct }: { incident: IncidentDetail; canAct: boolean }) {
  const { id, events, updatedAt } = incident;
  const action = `/incidents/${id}/events`;
  return (
    <Panel title="Signing events beside it" id="events" flush aside={`${events.length}`}>
      {events.length === 0 ? (
        <Nothing>
          None. Put events here that tell how it came about: the signing of an intruder, the first after a leak.
        </Nothing>
      ) : (
        <ScrollArea label="Linked signing events">
          <table className="table table-stack">
            <thead>
              <tr>
                <th scope="col">Event</th>
                <th scope="col">Signer</th>
                <th scope="col">Signed</th>
                <th scope="col">Why it is here</th>
                {canAct ? <th scope="col">Change</th> : null}
              </tr>
            </thead>
            <tbody>
              {events.map(({ id: eventId, note, san, issuer, signedAt }) => (
                <tr key={eventId}>
                  <th scope="row" data-label="Event">
                    <AppLink href={`/events/${eventId}`}>
                      <Value value={eventId} limit={24} isShort />
                    </AppLink>
                  </th>
                  <td data-label="Signer">
                    <SignerLink san={san} issuer={issuer} limit={80} />
                  </td>
                  <td data-label="Signed">
                    {signedAt === null ? <span className="text-muted">not proven</span> : <Time at={signedAt} />}
                  </td>
                  <td data-label="Why">
                    <PlainText text={note} limit={1000} />
                  </td>
                  {canAct ? (
                    <td data-label="Change">
                      <form action={action} method="post">
                        <input type="hidden" name="updatedAt" value={updatedAt} />
                        <button type="submit" name="unlink" value={eventId} className="button">
                          Take away
                        </button>
                      </form>
                    </td>
                  ) : null}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
      {canAct ? (
        <form
          action={action}
          method="post"
          className="grid grid-cols-1 items-end gap-3 border-t border-line p-3 md:grid-cols-[minmax(0,1fr)_minmax(0,2fr)_auto]"
        >
          <input type="hidden" name="updatedAt" value={updatedAt} />
          <label className="flex min-w-0 flex-col gap-1">
            <span className="text-[0.8125rem] text-muted">Id or address of an event</span>
            <input name="event" required placeholder="evt_…" className="control mono w-full" />
          </label>
          <label className="flex min-w-0 flex-col gap-1">
            <span className="text-[0.8125rem] text-muted">Why it is here</span>
            <input name="note" maxLength={1000} className="control w-full" />
          </label>
          <button type="submit" className="button w-fit">
            Put it here
          </button>
        </form>
      ) : null}
    </Panel>
  );
}
