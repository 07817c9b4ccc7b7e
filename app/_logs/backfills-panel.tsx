import { formatBytes, formatCount } from '#lib/provenance/format.ts';
import { roughBytes } from '#lib/provenance/log-words.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import { shellQuote } from '#lib/provenance/verify-commands.ts';
import type { BackfillSummary } from '#lib/services/backfill/list.ts';
import type { LogSummary } from '#lib/services/log/list.ts';
import { countIndices, subtractRanges } from '#lib/services/rule/ranges.ts';
import { CodeBlock } from '../_ui/code-block.tsx';
import { Nothing, Panel } from '../_ui/panel.tsx';
import { BackfillsTable } from './backfills-table.tsx';

interface Props {
  readonly log: LogSummary;
  readonly backfills: readonly BackfillSummary[];
  /** Whether this browser may start and stop searches. */
  readonly canAct: boolean;
}

/** Searches of what the tail of a log did not read: how far they are, and how to ask for the past. */
export function BackfillsPanel({ log, backfills, canAct }: Props) {
  return (
    <Panel title="Searches of the past" id="backfills" flush>
      <Past log={log} canAct={canAct} />
      {backfills.length === 0 ? (
        <Nothing>
          {log.startIndex === 0
            ? 'None was needed: the log was followed from its first entry.'
            : 'None was asked for yet.'}
        </Nothing>
      ) : (
        <BackfillsTable log={log} backfills={backfills} canAct={canAct} />
      )}
    </Panel>
  );
}

/** What stands before the tail, and what it would cost to read it. */
function Past({ log, canAct }: Omit<Props, 'backfills'>) {
  const past = unreadPast(log);
  if (past === 0) return null;
  const cost = `${formatCount(past)} entries before the tail were not read, about ${formatBytes(roughBytes(past))}.`;
  const isFollowed = log.state === 'following' && log.verifiedSize > 0;
  return (
    <div className="flex flex-col gap-3 border-b border-line px-4 py-3">
      <p className="max-w-[90ch]">
        {cost} What was signed there, by whomever, is not known here.{' '}
        {isFollowed
          ? 'They can be read behind the tail, the newest first, at the rate of the configuration.'
          : 'They cannot be read while nothing is taken from this log.'}
      </p>
      {isFollowed && canAct ? (
        <form action={`/logs/${log.id}/backfills`} method="post">
          <input type="hidden" name="history" value="yes" />
          <button type="submit" className="button">
            Read the past
          </button>
        </form>
      ) : null}
      {isFollowed && !canAct ? (
        <CodeBlock
          label="command to read the past"
          text={`modeltrail log search-back ${shellQuote(showText(log.origin))}`}
        />
      ) : null}
    </div>
  );
}

function unreadPast({ startIndex, coverage, openBackfills }: LogSummary): number {
  if (startIndex === null) return 0;
  const reading = openBackfills.filter(({ kind }) => kind === 'history');
  return countIndices(subtractRanges([{ startIndex: 0, endIndex: startIndex }], [...coverage, ...reading]));
}
