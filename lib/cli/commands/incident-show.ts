import { listIncidentArtifacts } from '#lib/services/incident/list-artifacts.ts';
import { listIncidentAudit } from '#lib/services/incident/list-audit.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { INCIDENT_OPTIONS, requireIncident, withIncidents } from '../incident-database.ts';
import { printArtifacts, printIncident } from '../incident-report.ts';
import { print, printJson } from '../output.ts';

const SHOWN = 200;

export const incidentShow: CliCommand = {
  options: [...INCIDENT_OPTIONS],
  examples: ['modeltrail incident show 7', 'modeltrail incident show 7 --json'],
  exitCodes: {
    0: 'shown',
    1: 'shown, but its audit trail is broken: somebody changed the database by other ways than Modeltrail',
    2: 'no answer: wrong arguments, or no such incident or database',
  },
  run(input) {
    return withIncidents(input, async (database) => {
      const incident = await requireIncident(database, input);
      const { artifacts, next } = await listIncidentArtifacts(database, { id: incident.id, filter: {}, limit: SHOWN });
      const { entries, fault } = await listIncidentAudit(database, { id: incident.id, limit: 1 });
      if (input.flag('json')) printJson({ ...incident, artifacts, audit: { entries: entries[0]?.seq ?? 0, fault } });
      else {
        printIncident(incident);
        print('');
        printArtifacts(artifacts);
        if (next !== null) print(`These are the first ${SHOWN}. The page of the incident has all.`);
        if (fault !== null) print('', `Its audit trail is broken at entry ${fault.seq}: ${fault.problem}.`);
      }
      return fault === null ? EXIT.good : EXIT.bad;
    });
  },
};
