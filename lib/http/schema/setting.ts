import { z } from '@hono/zod-openapi';
import { SETTING_SECTION_KEYS } from '#lib/config/setting-sections.ts';
import { time } from './time.ts';

const STATES = ['in-force', 'waiting', 'off', 'set-aside'] as const;

/** An item as it is written in the file: any map, which the schema of the configuration judges. */
export const itemValue = z
  .record(z.string(), z.unknown())
  .openapi({ description: 'In the form that modeltrail.yaml has, with or without its name.' });

const problem = z
  .object({
    path: z.array(z.union([z.string(), z.number()])).openapi({ description: 'Below the item; empty for all of it.' }),
    message: z.string(),
    mend: z.string(),
  })
  .openapi('SettingProblem');

const setting = z
  .object({
    name: z.string(),
    state: z.enum(STATES).openapi({
      description:
        '`waiting`: the jobs have not taken it up as it is now. `off`: switched off. `set-aside`: not part of the configuration, for the reason in `problems`.',
    }),
    setIn: z.enum(['file', 'here']).openapi({ description: 'What the file sets is changed in the file alone.' }),
    file: z.string().nullable(),
    line: z.int().nullable(),
    changedBy: z.string().nullable(),
    changedAt: time('Null for items of the file.').nullable(),
    revision: z.int().nullable().openapi({ description: 'Give it back with a change. Null for items of the file.' }),
    problems: z.array(problem),
    value: itemValue.nullable().openapi({ description: 'Without its secrets; null where it cannot be read.' }),
  })
  .openapi('Setting');

export const settingsAnswer = z
  .object({
    section: z.enum(SETTING_SECTION_KEYS),
    settings: z.array(setting),
  })
  .openapi('Settings');

export const settingWanted = z
  .strictObject({
    value: itemValue,
    enabled: z.boolean().default(true),
    revision: z
      .int()
      .min(1)
      .nullable()
      .default(null)
      .openapi({ description: 'Of the item as it was read; null, or not said, for one that is to be new.' }),
  })
  .openapi('SettingChange');

export const settingPut = z.object({ name: z.string(), revision: z.int() }).openapi('ChangedSetting');
