import type { OpenDatabase } from '#db/client.ts';
import { messages } from '#db/schema/alert.ts';
import { ALERT_KINDS } from '#lib/provenance/alert-kind.ts';
import { ALERT } from '#lib/provenance/alert-words.ts';
import { acknowledgeAlerts } from '#lib/services/alert/acknowledge.ts';
import { muteAlerts } from '#lib/services/alert/mute.ts';
import { raiseAlert } from '#lib/services/alert/raise.ts';
import { tellRaised } from '#lib/services/alert/raise-all.ts';
import { resolveAlerts } from '#lib/services/alert/resolve.ts';
import type { ServiceContext } from '#lib/services/context.ts';

/** Strings as long and as odd as logs have them. */
const SIGNERS = [
  'release-bot@models.example',
  'https://github.com/models-example/northwind-retrieval/.github/workflows/release-and-sign-model.yml@refs/tags/v1.12.0',
  'release-b\u043et@models.example',
  'admin\u202e@models.example <script>alert(1)</script>',
];

/** Alerts of every kind and state, some counted, some decided, with messages of them. */
export async function fillAlerts(ctx: ServiceContext & { database: OpenDatabase }, most = 200): Promise<void> {
  const { db } = ctx.database;
  const ids = Array.from({ length: most }, (_, i) => {
    const kind = ALERT_KINDS[i % ALERT_KINDS.length] ?? 'impersonation';
    const signer = SIGNERS[i % SIGNERS.length] ?? '';
    const { what, severity } = ALERT[kind];
    const title = `${signer}: ${what.replace(/\.$/, '')}`;
    const evidence = {
      identity: signer,
      issuer: 'https://accounts.models.example',
      rule: 'Release bot',
      digest: 'ab'.repeat(32),
    };
    const told = { title, statement: what, evidence, href: '/events', now: ctx.now() - (most - i) * 47 * 60_000 };
    return db.transaction((tx) => {
      const raise = () => raiseAlert(tx, { kind, severity, subject: `stage ${i}`, ...told });
      for (let again = 0; again < i % 4; again++) raise();
      return raise();
    });
  });
  await tellRaised(ctx);
  const some = (from: number) => ids.filter((_, i) => i % 7 === from);
  const actor = { kind: 'user', id: 'usr_1', name: 'responder' } as const;
  acknowledgeAlerts(ctx, { ids: some(1), actor, note: 'Asked the release team; they are looking for the bundle.' });
  muteAlerts(ctx, { ids: some(3), actor, until: ctx.now() + 8 * 3_600_000 });
  resolveAlerts(ctx, { ids: some(5), actor, note: 'Our own test.' });
  const rows = db.select({ id: messages.id }).from(messages).all();
  for (const [i, { id }] of rows.entries()) {
    const sent = { state: 'sent', attempts: 1, sentAt: ctx.now() } as const;
    const failed = { state: 'failed', attempts: 9, problem: 'hooks.models.example answered 503.' } as const;
    const waits = {
      state: 'pending',
      attempts: 2,
      problem: 'hooks.models.example cannot be reached: ECONNREFUSED.',
    } as const;
    const { sqlite } = ctx.database;
    const set = i % 5 === 4 ? failed : i % 5 === 3 ? waits : sent;
    const columns = { state: 'state', attempts: 'attempts', problem: 'problem', sentAt: 'sent_at' } as const;
    for (const [key, value] of Object.entries(set))
      sqlite.prepare(`UPDATE messages SET ${columns[key as keyof typeof columns]} = ? WHERE id = ?`).run(value, id);
  }
}
