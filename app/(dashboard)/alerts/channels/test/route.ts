import { sendTest, UnknownChannelError } from '#lib/services/message/send-test.ts';
import { FormRefusedError } from '../../../../_server/local-form.ts';
import { roleForm } from '../../../../_server/role-form.ts';

export const dynamic = 'force-dynamic';

/** Puts a test of a channel into the outbox, for the button beside it. */
export async function POST(request: Request): Promise<Response> {
  const form = { role: 'admin', instead: 'Use modeltrail alert test on the server’s machine.' } as const;
  return roleForm(request, form, (ctx, fields, actor) => {
    const channel = fields.get('channel') ?? '';
    try {
      sendTest(ctx, channel, actor);
    } catch (error) {
      if (error instanceof UnknownChannelError) throw new FormRefusedError(404, error.message);
      throw error;
    }
    return `/alerts/channels#channel-${channel}`;
  });
}
