import type { ListedChannel } from '#lib/services/alert/list-channels.ts';
import { Nothing, Panel } from '../_ui/panel.tsx';
import { Value } from '../_ui/value.tsx';
import { MessagesTable } from './messages-table.tsx';

const KINDS: Readonly<Record<ListedChannel['kind'], string>> = {
  email: 'E-mail',
  slack: 'Slack',
  teams: 'Microsoft Teams',
  mattermost: 'Mattermost',
  webhook: 'Signed webhook',
  hook: 'Program on this machine',
};

interface Props {
  readonly channel: ListedChannel;
  readonly canTest: boolean;
  readonly canResend: boolean;
}

/** A channel with what it delivered last; for those who may test it, with where it leads and the button. */
export function ChannelPanel({ channel, canTest, canResend }: Props) {
  const { name, kind, target, allowPrivate, latest } = channel;
  return (
    <Panel
      title={name}
      id={`channel-${name}`}
      flush
      aside={
        canTest ? (
          <form action="/alerts/channels/test" method="post">
            <input type="hidden" name="channel" value={name} />
            <button type="submit" className="button">
              Send a test<span className="sr-only"> through {name}</span>
            </button>
          </form>
        ) : null
      }
    >
      <p className="border-b border-line px-4 py-2 wrap-anywhere">
        {KINDS[kind]}
        {canTest ? (
          <>
            : <Value value={target} limit={120} isText />
          </>
        ) : null}
        {allowPrivate ? <span className="text-muted">; may lead to a private address</span> : null}
      </p>
      {latest.length > 0 ? (
        <MessagesTable messages={latest} label={`What ${name} delivered last`} isOfOne canResend={canResend} />
      ) : (
        <Nothing>Nothing was sent through it yet. A test shows whether it works.</Nothing>
      )}
    </Panel>
  );
}
