import { settings } from '#db/schema/setting.ts';
import type { Actor } from '#lib/services/access/actor.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { SettingChangedError, SettingUnknownError } from './refusal.ts';
import { auditedValue, findSetting, isSetting, type SettingKey, targetOf } from './stored.ts';

export interface RemoveSetting extends SettingKey {
  /** The revision that was looked at. */
  readonly revision: number;
  readonly actor: Actor;
}

/**
 * Takes away an item that was made here. What it found stays; what it was stays in the audit trail.
 *
 * @throws {SettingUnknownError | SettingChangedError}
 */
export function removeSetting(ctx: ServiceContext, { section, name, revision, actor }: RemoveSetting): void {
  const key = { section, name };
  const now = ctx.now();
  ctx.database.db.transaction(
    (tx) => {
      const before = findSetting(tx, key);
      if (before === undefined) throw new SettingUnknownError(`No ${section} of the name ${name} was made here.`);
      if (before.revision !== revision) throw new SettingChangedError(before.revision);
      tx.delete(settings).where(isSetting(key)).run();
      appendAudit(tx, {
        chain: 'settings',
        actor,
        action: 'setting.removed',
        target: targetOf(key),
        detail: { before: auditedValue(section, before.value), after: null, wasEnabled: before.enabled },
        at: now,
      });
    },
    { behavior: 'immediate' },
  );
}
