import type { OpenDatabase } from '#db/client.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import { readComposition } from '#lib/services/config/record-composition.ts';
import { type HealthCheck, wellCheck } from './check.ts';

const MOST = 20;

/** What was made in the browser and is no longer part of the configuration, as the jobs last found it. */
export function checkSettings(database: OpenDatabase): HealthCheck[] {
  // That the file has an item of the same name is no fault: the file comes first, and the page says so.
  const invalid = (readComposition(database)?.setAside ?? []).filter(({ why }) => why === 'invalid');
  if (invalid.length === 0)
    return [wellCheck('settings', null, 'Everything that is switched on in the settings is in force.')];
  return invalid.slice(0, MOST).map(({ section, name, problems }): HealthCheck => {
    const [problem] = problems;
    const why = problem === undefined ? '' : `: ${problem.path.join('.')} ${problem.message}`;
    return {
      name: 'settings',
      subject: `${section}/${name}`,
      state: 'degraded',
      what: `“${showText(name)}” of ${showText(section)} is set aside${showText(why)}. Everything else is in force.`,
      since: null,
      mend: 'Open its list in the settings: it says what is wrong. Edit it, switch it off, or remove it.',
    };
  });
}
