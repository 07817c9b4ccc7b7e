import { formatBytes, formatCount, formatPlural } from '#lib/provenance/format.ts';
import { roughBytes } from '#lib/provenance/log-words.ts';
import type { State } from '#lib/provenance/state.ts';
import type { IndexRange } from '#lib/services/log/coverage.ts';
import type { LogSummary } from '#lib/services/log/list.ts';
import type { RuleSearch } from '#lib/services/rule/list-searches.ts';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';

/** Ranges named at once. */
const SHOWN = 4;

const SEARCHED = {
  all: { tone: 'proven', word: 'All of it', meaning: 'Every entry that the log covers was held against the rule.' },
  underWay: { tone: 'claimed', word: 'Being searched', meaning: 'What it has not seen is being searched.' },
  partly: { tone: 'unknown', word: 'Not all', meaning: 'Entries are covered that the rule was never held against.' },
} as const satisfies Record<string, State>;

interface Props {
  readonly log: LogSummary;
  readonly rules: readonly RuleSearch[];
  readonly canAct: boolean;
}

/** Which rules have seen which of the covered entries, and what it would cost to search the rest. */
export function RulesTable({ log, rules, canAct }: Props) {
  return (
    <ScrollArea label="Watch rules of this log" className="max-h-[32rem]">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Rule</th>
            <th scope="col">Searched</th>
            <th scope="col">In force as it is since</th>
            <th scope="col">Not searched</th>
            <th scope="col">Search it</th>
          </tr>
        </thead>
        <tbody>
          {rules.map((search) => (
            <tr key={search.rule}>
              <th scope="row" data-label="Rule">
                <Value value={search.rule} limit={80} isText />
              </th>
              <td data-label="Searched">
                <StateMark state={SEARCHED[stateOf(search)]} />
              </td>
              <td data-label="Since">
                <Time at={search.since} />
              </td>
              <td data-label="Not searched">
                <Ranges ranges={search.unseen} entries={search.entries} />
              </td>
              <td data-label="Search it">
                <Ask log={log} search={search} canAct={canAct} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function stateOf({ entries, entriesToAsk }: RuleSearch): keyof typeof SEARCHED {
  if (entries === 0) return 'all';
  return entriesToAsk === 0 ? 'underWay' : 'partly';
}

function Ranges({ ranges, entries }: { ranges: readonly IndexRange[]; entries: number }) {
  if (ranges.length === 0) return <span className="text-muted">nothing</span>;
  const more = ranges.length - SHOWN;
  return (
    <span className="lines">
      {ranges.slice(0, SHOWN).map(({ startIndex, endIndex }) => (
        <span key={startIndex} className="whitespace-nowrap">
          {formatCount(startIndex)} to {formatCount(endIndex - 1)}
        </span>
      ))}
      {more > 0 ? <span>and {formatPlural(more, 'more range')}</span> : null}
      {ranges.length > 1 ? (
        <span className="text-muted">{formatPlural(entries, 'entry', 'entries')} in all</span>
      ) : null}
    </span>
  );
}

function Ask({ log, search, canAct }: { log: LogSummary; search: RuleSearch; canAct: boolean }) {
  const { rule, entriesToAsk, isKept } = search;
  if (entriesToAsk === 0) return <span className="text-muted">nothing to ask for</span>;
  if (log.state !== 'following') return <span className="text-muted">not while nothing is taken from this log</span>;
  const count = formatPlural(entriesToAsk, 'entry', 'entries');
  const cost = isKept
    ? 'Nothing need be fetched: the mirror has them.'
    : `About ${formatBytes(roughBytes(entriesToAsk))} are fetched from the log.`;
  return (
    <span className="flex flex-col gap-1">
      {canAct ? (
        <form action={`/logs/${log.id}/backfills`} method="post">
          <input type="hidden" name="rule" value={rule} />
          <button type="submit" className="button">
            Search {entriesToAsk === 1 ? 'this' : 'these'} {count}
            <span className="sr-only"> for the rule {rule.slice(0, 80)}</span>
          </button>
        </form>
      ) : (
        <span>{count}, with modeltrail log search-back on the server’s machine</span>
      )}
      <span className="text-muted">{cost}</span>
    </span>
  );
}
