import { settings } from '#db/schema/setting.ts';
import type { WrittenItem } from '#lib/config/setting-section.ts';
import { SETTING_SECTIONS } from '#lib/config/setting-sections.ts';
import type { Actor } from '#lib/services/access/actor.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { checkSetting } from './check-setting.ts';
import { SettingChangedError, SettingRefusedError } from './refusal.ts';
import { auditedValue, findSetting, isSetting, type SettingKey, targetOf } from './stored.ts';

export interface PutSetting extends SettingKey {
  /** In the form that the file has, with its name. */
  readonly value: WrittenItem;
  readonly enabled: boolean;
  /** The revision that was looked at; null for an item that is to be new. */
  readonly revision: number | null;
  readonly actor: Actor;
}

/**
 * Adds an item to the configuration, or changes one that was made here. The jobs take it up within seconds.
 *
 * @returns its revision.
 * @throws {SettingRefusedError | SettingChangedError | SettingsNotReadyError}
 */
export function putSetting(ctx: ServiceContext, input: PutSetting): number {
  const { section, name, enabled, revision, actor } = input;
  const value = { ...input.value, name };
  const { problems } = checkSetting(ctx.database, { section, value });
  if (problems.length > 0) throw new SettingRefusedError(problems);
  const key = { section, name };
  const now = ctx.now();
  return ctx.database.db.transaction(
    (tx) => {
      const before = findSetting(tx, key);
      if ((before?.revision ?? null) !== revision) throw new SettingChangedError(before?.revision ?? null);
      const row = { value: JSON.stringify(value), enabled, updatedAt: now, revision: (revision ?? 0) + 1 };
      if (before === undefined)
        tx.insert(settings)
          .values({ ...key, ...row, createdAt: now })
          .run();
      else tx.update(settings).set(row).where(isSetting(key)).run();
      appendAudit(tx, {
        chain: 'settings',
        actor,
        action: before === undefined ? 'setting.added' : 'setting.changed',
        target: targetOf(key),
        detail: {
          before: before === undefined ? null : auditedValue(section, before.value),
          after: SETTING_SECTIONS[section].redact(value),
          wasEnabled: before?.enabled ?? null,
          enabled,
          revision: row.revision,
        },
        at: now,
      });
      return row.revision;
    },
    { behavior: 'immediate' },
  );
}
