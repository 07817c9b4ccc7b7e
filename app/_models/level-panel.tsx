import { ChevronRight } from 'lucide-react';
import { formatPlural } from '#lib/provenance/format.ts';
import { missingForNext } from '#lib/provenance/ml-level/judge.ts';
import type { MlLevelNumber } from '#lib/provenance/ml-level/level-check.ts';
import { LEVEL_LIMITS, ML_LEVEL, slsaWords } from '#lib/provenance/ml-level/level-words.ts';
import type { VersionLevel } from '#lib/services/level/judge-version.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { Facts } from '../_ui/facts.tsx';
import { Panel } from '../_ui/panel.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { LevelChecks } from './level-checks.tsx';

const LEVELS = [1, 2, 3, 4] as const satisfies readonly MlLevelNumber[];

interface Props {
  readonly level: VersionLevel;
  readonly slug: string;
  readonly versionId: string;
  /** Where each bundle's event is shown. */
  readonly events: ReadonlyMap<string, string>;
}

/** Which level the provenance of a version reaches, what is missing for the next, and what no level says. */
export function LevelPanel({ level: found, slug, versionId, events }: Props) {
  const { level, checks } = found;
  const missing = missingForNext(found);
  const api = `/api/v1/models/${encodeURIComponent(slug)}/versions/${encodeURIComponent(versionId)}/level`;
  return (
    <Panel
      title="Level of provenance"
      id="level"
      flush
      note="How much is known of the making, check by check. A level counts only with all checks of it and below; what is not known counts as little as what is not met."
      aside={
        <a href={api} className="link">
          As JSON
        </a>
      }
    >
      <div className="flex flex-col gap-3 p-4">
        <p className="flex flex-wrap items-center gap-x-3">
          <StateMark state={ML_LEVEL[level]} />
          <span>{ML_LEVEL[level].meaning}</span>
        </p>
        <Facts facts={factsOf(found, events)} />
      </div>
      {missing.length === 0 ? null : (
        <div className="border-t border-line">
          <h3 className="px-4 pt-3 pb-1 font-medium">
            Missing for ML-L{level + 1}: {formatPlural(missing.length, 'check')}
          </h3>
          <LevelChecks checks={missing} label={`Checks missing for ML-L${level + 1}`} />
        </div>
      )}
      <details className="group border-t border-line">
        <summary className="flex items-center gap-1 px-4 py-2 text-muted hover:bg-sunken">
          <ChevronRight size={14} aria-hidden="true" className="group-open:rotate-90" />
          All {formatPlural(checks.length, 'check')}, {checks.filter(({ outcome }) => outcome === 'met').length} met
        </summary>
        {LEVELS.map((one) => (
          <AllChecks key={one} level={one} checks={checks.filter((check) => check.level === one)} />
        ))}
      </details>
      <div className="border-t border-line px-4 py-3">
        <h3 className="font-medium">What this does not say</h3>
        <ul className="mt-1 flex max-w-[90ch] list-disc flex-col gap-1 pl-5 text-muted">
          {LEVEL_LIMITS.map((limit) => (
            <li key={limit}>{limit}</li>
          ))}
        </ul>
      </div>
    </Panel>
  );
}

function AllChecks({ level, checks }: { readonly level: MlLevelNumber; readonly checks: VersionLevel['checks'] }) {
  return (
    <div className="border-t border-line">
      <h3 className="px-4 pt-3 pb-1 font-medium">
        {ML_LEVEL[level].word}: {checks.filter(({ outcome }) => outcome === 'met').length} of {checks.length} met
      </h3>
      <LevelChecks checks={checks} label={`All checks of ML-L${level}`} />
    </div>
  );
}

function factsOf(found: VersionLevel, events: ReadonlyMap<string, string>) {
  const { slsaBuild, slsaSource, bundleId, statements, strangers } = found;
  const { build, source } = slsaWords(found);
  const event = events.get(bundleId ?? '');
  return [
    ['SLSA Build', `${build}. ${slsaBuild.why}`],
    ['SLSA Source', `${source}. ${slsaSource.why}`],
    [
      'Rests on',
      <span key="statement">
        {bundleId === null ? 'No statement of provenance by anybody whose word counts.' : 'One statement of provenance'}
        {event ? (
          <>
            {' '}
            (<AppLink href={event}>event</AppLink>)
          </>
        ) : null}
        {bundleId === null ? '' : statements > 1 ? `, the best of ${statements}.` : '.'}
        {strangers > 0
          ? ` ${formatPlural(strangers, 'statement by others does', 'statements by others do')} not count here.`
          : ''}
      </span>,
    ],
  ] as const;
}
