import { getSetting } from '#lib/services/setting/get.ts';
import { SettingChangedError } from '#lib/services/setting/refusal.ts';
import { removeSetting } from '#lib/services/setting/remove.ts';
import { switchSetting } from '#lib/services/setting/switch.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { databasePath, openExisting, quietContext } from '../database.ts';
import { print } from '../output.ts';
import { readName, readSection } from '../setting-section-input.ts';

export const settingsRemove: CliCommand = {
  options: [
    { flags: '--off', description: 'Only switch it off, and keep it' },
    { flags: '--config <file>', description: 'Configuration that names the database' },
    { flags: '--database <file>', description: 'The database itself; then no configuration is read' },
  ],
  examples: ['modeltrail settings remove watch "Release bot"', 'modeltrail settings remove sources registry --off'],
  exitCodes: {
    0: 'removed, or switched off; the jobs go on without it within seconds',
    1: 'not removed: none of this name was made in the browser or here',
    2: 'no answer: wrong arguments, or no database',
  },
  async run(input) {
    const key = { section: readSection(input.positional(0)), name: readName(input.positional(1)) };
    const database = openExisting(databasePath(input));
    try {
      const { item } = await getSetting(database, key);
      if (item?.place.kind !== 'here') {
        const why = item === null ? 'There is none of this name.' : 'The file sets it: take it out there.';
        print(`${key.section}/${key.name} is not removed. ${why}`);
        return EXIT.bad;
      }
      const change = { ...key, revision: item.place.revision, actor: { kind: 'command-line' } as const };
      if (input.flag('off')) switchSetting(quietContext(database), { ...change, enabled: false });
      else removeSetting(quietContext(database), change);
      print(`${key.section}/${key.name} is ${input.flag('off') ? 'switched off' : 'removed'}.`);
      return EXIT.good;
    } catch (error) {
      if (!(error instanceof SettingChangedError)) throw error;
      print(error.message);
      return EXIT.bad;
    } finally {
      database.close();
    }
  },
};
