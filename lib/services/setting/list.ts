import { asc, eq } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { auditEntries } from '#db/schema/audit.ts';
import { configState } from '#db/schema/job.ts';
import { settings } from '#db/schema/setting.ts';
import { composeConfig, FileNotUsableError, nameOf, type SetAside } from '#lib/config/compose.ts';
import type { ItemProblem, WrittenItem } from '#lib/config/setting-section.ts';
import { listOf, SETTING_SECTIONS, type SettingSectionKey } from '#lib/config/setting-sections.ts';
import { readItemValue } from '#lib/config/stored-item.ts';
import { type Actor, nameOfActor } from '#lib/services/access/actor.ts';
import { stampOf, storedItems } from '#lib/services/config/effective.ts';
import { type RecordedComposition, readComposition } from '#lib/services/config/record-composition.ts';
import { targetOf } from './stored.ts';

/** Where an item is set. */
export type SettingPlace =
  | { readonly kind: 'file'; readonly path: string; readonly line: number | null }
  /** `by`: who made its latest change, at `at` (milliseconds since the epoch). */
  | { readonly kind: 'here'; readonly by: string | null; readonly at: number; readonly revision: number };

/** `waiting`: the jobs have not taken it up as it is now. `set-aside`: see `problems`. */
export type SettingState = 'in-force' | 'waiting' | 'off' | 'set-aside';

/** One item of a list of the configuration. */
export interface ListedSetting {
  readonly name: string;
  readonly place: SettingPlace;
  readonly state: SettingState;
  /** Why it is set aside; empty where it is not. */
  readonly problems: readonly ItemProblem[];
  /** Whether it is set aside because the file has an item of its name. */
  readonly isInFile: boolean;
  /** As it is written, its secrets replaced; null where what is stored cannot be read. */
  readonly value: WrittenItem | null;
}

export interface SettingList {
  /** False until jobs of this version have put a configuration in force: nothing can be added before. */
  readonly isReady: boolean;
  /** Of the file; null before any was in force. */
  readonly path: string | null;
  /** What of the latest change was refused, whatever it was; null where all is in force. */
  readonly refused: string | null;
  /** Those of the file first, in its order; then those made here, the oldest first. */
  readonly items: readonly ListedSetting[];
}

/** All items of a list: those of the file and those that were made here, each with where it is set and how it does. */
export async function listSettings(database: OpenDatabase, section: SettingSectionKey): Promise<SettingList> {
  const { db } = database;
  const file = readComposition(database);
  const setAside = setAsideNow(database, file);
  const taken = new Map(file?.taken.map((item) => [`${item.section}/${item.name}`, item.revision]));
  const rows = db
    .select()
    .from(settings)
    .where(eq(settings.section, section))
    .orderBy(asc(settings.createdAt), asc(settings.name))
    .all();
  const changers = readChangers(database);
  const here = rows.map(({ name, value, enabled, updatedAt, revision }): ListedSetting => {
    const aside = setAside.find((item) => item.section === section && item.name === name);
    const written = readItemValue(value);
    const target = targetOf({ section, name });
    const isTaken = taken.get(target) === revision;
    return {
      name,
      place: { kind: 'here', by: changers.get(target) ?? null, at: updatedAt, revision },
      state: !enabled ? 'off' : aside ? 'set-aside' : isTaken ? 'in-force' : 'waiting',
      problems: aside?.problems ?? [],
      isInFile: aside?.why === 'in-file',
      value: written && SETTING_SECTIONS[section].redact(written),
    };
  });
  const state = db
    .select({ path: configState.path, refused: configState.refused })
    .from(configState)
    .where(eq(configState.id, 1))
    .get();
  return {
    isReady: file !== null,
    path: state?.path ?? null,
    refused: state?.refused ?? null,
    items: [...itemsOfFile(file, section), ...here],
  };
}

function itemsOfFile(file: RecordedComposition | null, section: SettingSectionKey): ListedSetting[] {
  if (file === null) return [];
  return listOf(file.written, section).map((item, i): ListedSetting => {
    return {
      name: nameOf(item),
      place: { kind: 'file', path: file.path, line: file.lines[section]?.[i] ?? null },
      state: 'in-force',
      problems: [],
      isInFile: false,
      value: SETTING_SECTIONS[section].redact(item as WrittenItem),
    };
  });
}

/** As the jobs will find it with what is stored now; what they last found where it cannot be told. */
function setAsideNow(database: OpenDatabase, file: RecordedComposition | null): readonly SetAside[] {
  if (file === null) return [];
  const items = storedItems(database);
  if (stampOf(items) === file.stamp) return file.setAside;
  try {
    return composeConfig(file, items).setAside;
  } catch (error) {
    if (error instanceof FileNotUsableError) return file.setAside;
    throw error;
  }
}

/** Who made the latest change of each item, by its target. */
function readChangers({ db }: OpenDatabase): ReadonlyMap<string, string> {
  const rows = db
    .select({ target: auditEntries.target, actor: auditEntries.actor })
    .from(auditEntries)
    .where(eq(auditEntries.chain, 'settings'))
    .orderBy(asc(auditEntries.seq))
    .all();
  // Written by `appendAudit` alone.
  return new Map(rows.map(({ target, actor }) => [target, nameOfActor(JSON.parse(actor) as Actor)]));
}
