import { SETTING_SECTION_KEYS } from '#lib/config/setting-sections.ts';
import { exportSettings } from '#lib/services/setting/export.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { databasePath, openExisting } from '../database.ts';
import { print } from '../output.ts';
import { readSection } from '../setting-section-input.ts';

export const settingsExport: CliCommand = {
  options: [
    { flags: '--config <file>', description: 'Configuration that names the database' },
    { flags: '--database <file>', description: 'The database itself; then no configuration is read' },
  ],
  examples: ['modeltrail settings export', 'modeltrail settings export watch'],
  exitCodes: { 0: 'printed', 2: 'no answer: wrong arguments, or no database' },
  async run(input) {
    const named = input.positional(0);
    const database = openExisting(databasePath(input));
    try {
      const sections = named === undefined ? SETTING_SECTION_KEYS : [readSection(named)];
      print(...(await exportSettings(database, sections)).trimEnd().split('\n'));
      return EXIT.good;
    } finally {
      database.close();
    }
  },
};
