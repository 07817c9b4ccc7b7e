import type { Delivery, Notice, NoticeAlert } from '#lib/notify/notice.ts';
import { type Occasion, writeNotice } from '#lib/notify/write-notice.ts';
import { MINT_TIME } from '#test/factories.ts';

/** Strings that strangers would choose, had they read how chats and mail work. */
export const HOSTILE = [
  '<!channel> <!here> <@U012AB3CD> <https://evil.example|click me>',
  '@channel @all @here ~town-square [click me](https://evil.example) ![x](https://evil.example/x.png)',
  '**bold** _x_ `code` ``` fence\n``````\n@channel',
  '<at>everyone</at> <img src=x onerror=alert(1)> &lt;b&gt; "quoted" \'single\'',
  'a\r\nBcc: victim@models.example\r\n\r\nbody',
  'right\u202eto\u2066left\u0000nul\u0007bell\u001b[31m',
  '\ud800 lone surrogate',
  ']]></content><script>alert(1)</script>',
  '$(touch /tmp/x) `id` ; rm -rf / | cat',
] as const;

export function alertOf(overrides: Partial<NoticeAlert> = {}): NoticeAlert {
  return {
    id: 'alr_0123456789abcdef01234567',
    kind: 'unclaimed-signing',
    severity: 'high',
    state: 'new',
    title: 'release-bot@models.example signed what nobody has shown',
    statement: 'An own identity signed what nobody has shown.',
    evidence: { identity: 'release-bot@models.example', rule: 'Release bot' },
    href: '/events/evt_1',
    count: 1,
    firstAt: MINT_TIME,
    lastAt: MINT_TIME,
    ...overrides,
  };
}

/** An alert in which every string that a stranger may choose is this one. */
export function hostileAlert(text: string): NoticeAlert {
  return alertOf({ title: text, statement: text, evidence: { [text]: text, identity: text } });
}

export function deliveryOf(alerts: readonly NoticeAlert[], occasion: Occasion = 'alert'): Delivery {
  return deliver(writeNotice(occasion, alerts, MINT_TIME));
}

export function deliver(notice: Notice): Delivery {
  return {
    id: `msg_${'0'.repeat(32)}`,
    notice,
    address: 'https://modeltrail.models.example',
    organisation: 'Models Example',
  };
}
