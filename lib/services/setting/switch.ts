import { settings } from '#db/schema/setting.ts';
import { readItemValue } from '#lib/config/stored-item.ts';
import type { Actor } from '#lib/services/access/actor.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { checkSetting } from './check-setting.ts';
import { SettingChangedError, SettingRefusedError, SettingUnknownError } from './refusal.ts';
import { auditedValue, findSetting, isSetting, type SettingKey, targetOf } from './stored.ts';

export interface SwitchSetting extends SettingKey {
  readonly enabled: boolean;
  /** The revision that was looked at. */
  readonly revision: number;
  readonly actor: Actor;
}

/**
 * Switches an item that was made here on or off. One that would be set aside is not switched on.
 *
 * @returns its revision.
 * @throws {SettingUnknownError | SettingRefusedError | SettingChangedError | SettingsNotReadyError}
 */
export function switchSetting(ctx: ServiceContext, { section, name, enabled, revision, actor }: SwitchSetting): number {
  const key = { section, name };
  const { db } = ctx.database;
  const known = findSetting(db, key);
  if (known === undefined) throw new SettingUnknownError(`No ${section} of the name ${name} was made here.`);
  if (enabled) {
    const problems = checkSetting(ctx.database, { section, value: readItemValue(known.value) ?? { name } }).problems;
    if (problems.length > 0) throw new SettingRefusedError(problems);
  }
  const now = ctx.now();
  return db.transaction(
    (tx) => {
      const before = findSetting(tx, key);
      if (before?.revision !== revision) throw new SettingChangedError(before?.revision ?? null);
      if (before.enabled === enabled) return revision;
      tx.update(settings)
        .set({ enabled, updatedAt: now, revision: revision + 1 })
        .where(isSetting(key))
        .run();
      appendAudit(tx, {
        chain: 'settings',
        actor,
        action: enabled ? 'setting.enabled' : 'setting.disabled',
        target: targetOf(key),
        detail: { value: auditedValue(section, before.value), revision: revision + 1 },
        at: now,
      });
      return revision + 1;
    },
    { behavior: 'immediate' },
  );
}
