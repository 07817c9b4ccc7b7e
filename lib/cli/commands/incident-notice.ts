import { setNotice } from '#lib/services/incident/set-notice.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { quietContext } from '../database.ts';
import {
  COMMAND_LINE,
  INCIDENT_EXIT_CODES,
  INCIDENT_OPTIONS,
  requireIncident,
  withIncidents,
} from '../incident-database.ts';
import { print, printJson } from '../output.ts';

export const incidentNotice: CliCommand = {
  options: [
    { flags: '--say <text>', description: 'What everybody is told who uses what is affected: plain text' },
    { flags: '--withdraw', description: 'Say nothing any more' },
    ...INCIDENT_OPTIONS,
  ],
  examples: ['modeltrail incident notice 7 --say "Do not use 1.0 to 1.3; use 1.4. Questions: security@models.example"'],
  exitCodes: INCIDENT_EXIT_CODES,
  run(input) {
    const notice = input.text('say');
    if ((notice === undefined) !== input.flag('withdraw'))
      throw new UsageError('Say what is told, --say TEXT, or --withdraw.');
    return withIncidents(input, async (database) => {
      const { id, number } = await requireIncident(database, input);
      setNotice(quietContext(database), { id, actor: COMMAND_LINE, notice: notice ?? null });
      if (input.flag('json')) printJson({ incident: id, notice: notice ?? null });
      else
        print(notice === undefined ? `#${number}: nothing is said in public any more.` : `#${number}: said in public.`);
      return EXIT.good;
    });
  },
};
