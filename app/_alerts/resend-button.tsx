import { formatUtc } from '#lib/provenance/format.ts';
import type { MessageSummary } from '#lib/services/message/list.ts';

interface Props {
  readonly message: MessageSummary;
  /** Id of the alert whose page it leads back to; without one, to the channels. */
  readonly alert?: string | undefined;
}

/** Sends a message again that was given up. Needs no script; pressed twice, it is sent once. */
export function ResendButton({ message: { id, channel, createdAt }, alert }: Props) {
  return (
    <form action="/alerts/channels/resend" method="post">
      <input type="hidden" name="message" value={id} />
      {alert === undefined ? null : <input type="hidden" name="alert" value={alert} />}
      <button type="submit" className="button">
        Send again
        <span className="sr-only">
          {' '}
          what {channel} did not take, written {formatUtc(createdAt)}
        </span>
      </button>
    </form>
  );
}
