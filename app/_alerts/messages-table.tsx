import { formatPlural } from '#lib/provenance/format.ts';
import type { State } from '#lib/provenance/state.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import type { MessageSummary } from '#lib/services/message/list.ts';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { ResendButton } from './resend-button.tsx';

export const MESSAGE_STATE: Readonly<Record<MessageSummary['state'], State>> = {
  pending: { tone: 'claimed', word: 'Waiting', meaning: 'It is in the outbox, and sent by the jobs in its turn.' },
  sent: {
    tone: 'proven',
    word: 'Taken',
    meaning: 'The other side took it. Whether somebody read it, nobody can tell.',
  },
  failed: { tone: 'broken', word: 'Given up', meaning: 'All tries failed; it is not sent any more.' },
};

interface MessagesProps {
  readonly messages: readonly MessageSummary[];
  readonly label: string;
  /** All of them are of one channel, which stands above. */
  readonly isOfOne?: boolean;
  /** Whether who looks may send again what was given up. */
  readonly canResend: boolean;
  /** Id of the alert on whose page they stand. */
  readonly alert?: string;
}

/** Messages of the outbox, the newest first. */
export function MessagesTable({ messages, label, isOfOne = false, canResend, alert }: MessagesProps) {
  return (
    <ScrollArea label={label}>
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Written</th>
            {isOfOne ? null : <th scope="col">Channel</th>}
            <th scope="col">Message</th>
            <th scope="col">Outcome</th>
          </tr>
        </thead>
        <tbody>
          {messages.map((message) => (
            <tr key={message.id}>
              <th scope="row" data-label="Written">
                <Time at={message.createdAt} />
              </th>
              {isOfOne ? null : (
                <td data-label="Channel" className="md:whitespace-nowrap">
                  {message.channel}
                </td>
              )}
              <td data-label="Message">
                <span className="flex min-w-0 flex-col">
                  <span className="wrap-anywhere">{message.heading}</span>
                  <span className="mono wrap-anywhere text-muted">{message.id}</span>
                </span>
              </td>
              <td data-label="Outcome">
                <span className="flex min-w-0 flex-wrap items-center justify-between gap-x-3 gap-y-1">
                  <Outcome message={message} />
                  {canResend && message.state === 'failed' ? <ResendButton message={message} alert={alert} /> : null}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function Outcome({ message: { state, attempts, problem, sentAt, nextAttemptAt } }: { message: MessageSummary }) {
  return (
    <span className="flex min-w-0 flex-col gap-0.5">
      <StateMark state={MESSAGE_STATE[state]} />
      {sentAt === null ? null : (
        <span className="text-muted">
          <Time at={sentAt} />
          {attempts > 1 ? `, at try ${attempts}` : ''}
        </span>
      )}
      {problem === null ? null : (
        <span className="wrap-anywhere">
          {showText(problem)} <span className="text-muted">({formatPlural(attempts, 'try', 'tries')})</span>
        </span>
      )}
      {state === 'pending' && attempts > 0 ? (
        <span className="text-muted">
          next try <Time at={nextAttemptAt} />
        </span>
      ) : null}
    </span>
  );
}
