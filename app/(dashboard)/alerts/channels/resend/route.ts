import { resendMessage, UnknownMessageError } from '#lib/services/message/resend.ts';
import { UnknownChannelError } from '#lib/services/message/send-test.ts';
import { FormRefusedError } from '../../../../_server/local-form.ts';
import { roleForm } from '../../../../_server/role-form.ts';

export const dynamic = 'force-dynamic';

const ALERT = /^alr_[0-9a-f]{24}$/;

/** Sends a message again that was given up, for the button beside it; leads back to where the button is. */
export async function POST(request: Request): Promise<Response> {
  const form = { role: 'investigator', instead: 'Use modeltrail alert resend on the server’s machine.' } as const;
  return roleForm(request, form, (ctx, fields, actor) => {
    const alert = fields.get('alert') ?? '';
    try {
      const { channel } = resendMessage(ctx, fields.get('message') ?? '', actor);
      return ALERT.test(alert)
        ? `/alerts/${alert}#messages`
        : `/alerts/channels#channel-${encodeURIComponent(channel)}`;
    } catch (error) {
      if (error instanceof UnknownMessageError) throw new FormRefusedError(404, error.message);
      if (error instanceof UnknownChannelError) throw new FormRefusedError(409, error.message);
      throw error;
    }
  });
}
