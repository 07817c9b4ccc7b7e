import { parse } from 'yaml';
import type { WrittenItem } from '#lib/config/setting-section.ts';
import { getSetting } from '#lib/services/setting/get.ts';
import { putSetting } from '#lib/services/setting/put.ts';
import { SettingChangedError, SettingRefusedError, SettingsNotReadyError } from '#lib/services/setting/refusal.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { databasePath, openExisting, quietContext } from '../database.ts';
import type { CommandInput } from '../input.ts';
import { print } from '../output.ts';
import { readFileUpTo } from '../read-file.ts';
import { readName, readSection } from '../setting-section-input.ts';

const MAX_BYTES = 64 * 1024;

export const settingsSet: CliCommand = {
  options: [
    { flags: '--file <file>', description: 'The item as modeltrail.yaml has it, in YAML or JSON' },
    { flags: '--off', description: 'Keep it, switched off' },
    { flags: '--config <file>', description: 'Configuration that names the database' },
    { flags: '--database <file>', description: 'The database itself; then no configuration is read' },
  ],
  examples: ['modeltrail settings set watch "Release bot" --file rule.yaml'],
  exitCodes: {
    0: 'stored; the jobs take it up within seconds',
    1: 'refused: each problem is printed with its mend',
    2: 'no answer: wrong arguments, or no database',
  },
  async run(input) {
    const key = { section: readSection(input.positional(0)), name: readName(input.positional(1)) };
    const value = await readItem(input, key.name);
    const database = openExisting(databasePath(input));
    try {
      const { item } = await getSetting(database, key);
      const revision = item?.place.kind === 'here' ? item.place.revision : null;
      const actor = { kind: 'command-line' } as const;
      const made = putSetting(quietContext(database), { ...key, value, enabled: !input.flag('off'), revision, actor });
      print(`${key.section}/${key.name} is stored, revision ${made}.`);
      return EXIT.good;
    } catch (error) {
      const isAnswer =
        error instanceof SettingRefusedError ||
        error instanceof SettingChangedError ||
        error instanceof SettingsNotReadyError;
      if (!isAnswer) throw error;
      print(error.message);
      return EXIT.bad;
    } finally {
      database.close();
    }
  },
};

async function readItem(input: CommandInput, name: string): Promise<WrittenItem> {
  const file = input.text('file');
  if (file === undefined) throw new UsageError('Say what it is to be: --file with the item in YAML or JSON.');
  const bytes = await readFileUpTo(file, MAX_BYTES, 'item');
  let value: unknown;
  try {
    value = parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes), { maxAliasCount: 0 });
  } catch (error) {
    throw new UsageError(`${file} is no YAML: ${(error as Error).message.split('\n')[0]}`);
  }
  // As it stands in the file, an item is one of a list.
  const item: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    throw new UsageError(`${file} holds no item: write its keys, as under watch in modeltrail.yaml.`);
  }
  const written = item as WrittenItem;
  if (written.name !== undefined && written.name !== name) {
    throw new UsageError(`${file} names the item ${JSON.stringify(written.name)}, not ${JSON.stringify(name)}.`);
  }
  return written;
}
