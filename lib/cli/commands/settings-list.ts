import { basename } from 'node:path';
import { describeItem } from '#lib/config/describe-item.ts';
import { SETTING_SECTION_KEYS, SETTING_SECTIONS, type SettingSectionKey } from '#lib/config/setting-sections.ts';
import { formatUtc } from '#lib/provenance/format.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import { type ListedSetting, listSettings } from '#lib/services/setting/list.ts';
import { describeProblem } from '#lib/services/setting/refusal.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { databasePath, openExisting } from '../database.ts';
import { print, printFacts, printJson } from '../output.ts';
import { readSection } from '../setting-section-input.ts';

const STATES = {
  'in-force': 'in force',
  waiting: 'waiting for the jobs',
  off: 'off',
  'set-aside': 'set aside',
} as const;

export const settingsList: CliCommand = {
  options: [
    { flags: '--config <file>', description: 'Configuration that names the database' },
    { flags: '--database <file>', description: 'The database itself; then no configuration is read' },
    { flags: '--json', description: 'Print one JSON object' },
  ],
  examples: ['modeltrail settings list', 'modeltrail settings list watch'],
  exitCodes: {
    0: 'listed; there may be none',
    1: 'listed, and something is set aside',
    2: 'no answer: wrong arguments, or no database',
  },
  async run(input) {
    const named = input.positional(0);
    const sections = named === undefined ? SETTING_SECTION_KEYS : [readSection(named)];
    const database = openExisting(databasePath(input));
    try {
      const lists = await Promise.all(
        sections.map(async (section) => [section, (await listSettings(database, section)).items] as const),
      );
      if (input.flag('json')) printJson(Object.fromEntries(lists));
      else for (const [section, items] of lists) printSection(section, items);
      return lists.some(([, items]) => items.some(({ state }) => state === 'set-aside')) ? EXIT.bad : EXIT.good;
    } finally {
      database.close();
    }
  },
};

function printSection(section: SettingSectionKey, items: readonly ListedSetting[]): void {
  print(`${section}: ${items.length === 0 ? 'none' : items.length}`);
  printFacts(items.map((item) => [`  ${showText(item.name)}`, describe(section, item)]));
}

function describe(section: SettingSectionKey, { place, state, problems, value }: ListedSetting): string {
  const where =
    place.kind === 'file'
      ? `${basename(place.path)}${place.line === null ? '' : `, line ${place.line}`}`
      : `here, by ${showText(place.by ?? 'nobody who is written down')}, ${formatUtc(place.at)}, revision ${place.revision}`;
  const says = value === null ? ['cannot be read'] : describeItem(SETTING_SECTIONS[section], value).map(factText);
  return [STATES[state], where, ...says, ...problems.map((problem) => showText(describeProblem(problem)))].join('; ');
}

function factText({ label, values }: { readonly label: string; readonly values: readonly string[] }): string {
  return `${label.toLowerCase()} ${values.map(showText).join(' or ')}`;
}
