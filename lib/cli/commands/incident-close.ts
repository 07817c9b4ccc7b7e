import { setState } from '#lib/services/incident/set-state.ts';
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

export const incidentClose: CliCommand = {
  options: [
    { flags: '--resolution <text>', description: 'What came of it; kept in the audit trail' },
    { flags: '--reopen', description: 'Open a closed one again instead' },
    ...INCIDENT_OPTIONS,
  ],
  examples: [
    'modeltrail incident close 7 --resolution "All affected versions were trained anew and replaced"',
    'modeltrail incident close 7 --reopen',
  ],
  exitCodes: INCIDENT_EXIT_CODES,
  run(input) {
    const isReopened = input.flag('reopen');
    const resolution = input.text('resolution');
    if (isReopened === (resolution !== undefined))
      throw new UsageError('Say what came of it, --resolution TEXT, or --reopen.');
    return withIncidents(input, async (database) => {
      const { id, number, counts } = await requireIncident(database, input);
      const state = isReopened ? 'open' : 'closed';
      setState(quietContext(database), { id, actor: COMMAND_LINE, state, resolution });
      if (input.flag('json')) printJson({ incident: id, state, undecided: counts.undecided });
      else if (isReopened) print(`#${number} is open again; the jobs work it out anew within seconds.`);
      else
        print(
          `#${number} is closed. ${counts.undecided} undecided and refused no more; ${counts.affected} stay refused.`,
        );
      return EXIT.good;
    });
  },
};
