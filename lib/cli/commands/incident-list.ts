import { INCIDENT_STATES } from '#db/schema/incident.ts';
import { INCIDENT_STATE, SEVERITY } from '#lib/provenance/incident-words.ts';
import { listIncidents } from '#lib/services/incident/list.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { INCIDENT_OPTIONS, withIncidents } from '../incident-database.ts';
import { describeTiers } from '../incident-report.ts';
import { print, printJson } from '../output.ts';

const SHOWN = 200;

export const incidentList: CliCommand = {
  options: [
    { flags: '--state <word>', description: `Only those that are ${INCIDENT_STATES.join(', ')}` },
    ...INCIDENT_OPTIONS,
  ],
  examples: ['modeltrail incident list --state open'],
  exitCodes: { 0: 'listed', 2: 'no answer: wrong arguments, or no database' },
  run(input) {
    const word = input.text('state');
    const state = INCIDENT_STATES.find((known) => known === word);
    if (word !== undefined && state === undefined) {
      throw new UsageError(`There is no state ${word}. Choose of ${INCIDENT_STATES.join(', ')}.`);
    }
    return withIncidents(input, async (database) => {
      const { incidents, next } = await listIncidents(database, { filter: { state }, limit: SHOWN });
      if (input.flag('json')) printJson({ incidents });
      else {
        if (incidents.length === 0) print('There is no such incident.');
        for (const { number, title, state, severity, counts } of incidents) {
          print(
            `#${number}  ${INCIDENT_STATE[state].word.toLowerCase()}, ${SEVERITY[severity].word.toLowerCase()}  ${title}`,
          );
          print(`    ${describeTiers(counts.tiers, counts.deployed)}; ${counts.undecided} undecided`);
        }
        if (next !== null) print(`These are the newest ${SHOWN}. The page of incidents has all.`);
      }
      return EXIT.good;
    });
  },
};
