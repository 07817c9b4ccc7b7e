import { fileURLToPath } from 'node:url';
import { configJsonSchema, writeJsonSchema } from '#lib/config/json-schema.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { print, printJson } from '../output.ts';

const SCHEMA_FILE = fileURLToPath(new URL('../../../public/modeltrail.schema.json', import.meta.url));

export const configSchema: CliCommand = {
  options: [{ flags: '--write', description: 'Write it to public/modeltrail.schema.json instead' }],
  examples: ['modeltrail config schema > modeltrail.schema.json'],
  exitCodes: { 0: 'printed, or written', 2: 'wrong arguments' },
  run(input) {
    if (!input.flag('write')) {
      printJson(configJsonSchema());
      return EXIT.good;
    }
    writeJsonSchema(SCHEMA_FILE);
    print(`Wrote ${SCHEMA_FILE}`);
    return EXIT.good;
  },
};
