import { originHash } from '#lib/mirror/layout.ts';
import { formatBytes, formatCount } from '#lib/provenance/format.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import { shellQuote } from '#lib/provenance/verify-commands.ts';
import type { LogSummary } from '#lib/services/log/list.ts';
import { CodeBlock } from '../_ui/code-block.tsx';
import { type Fact, Facts } from '../_ui/facts.tsx';
import { Panel } from '../_ui/panel.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Value } from '../_ui/value.tsx';

const STANDS_STILL = {
  tone: 'broken',
  word: 'Stands still',
  meaning: 'It serves its last head, and does not grow.',
} as const;

/** What is kept of a log on disk, what it takes there, where it is served, and how to check it. */
export function MirrorPanel({ log, limit }: { log: LogSummary; limit: number | null }) {
  if (log.reading === 'index') return null;
  if (log.mirror === 'matches' && log.mirrorSize === 0) {
    return (
      <Panel title="Mirror" id="mirror">
        <p className="max-w-[80ch] text-muted">
          Only entries that a rule names are kept. With <code className="mono">mirror: full</code> in the configuration
          every entry and every hash is kept on disk, proved, and served to others; late rules then need nothing from
          the log.
        </p>
      </Panel>
    );
  }
  const path = `/mirror/${originHash(log.origin)}/`;
  const facts: Fact[] = [
    ['Kept', log.mirror === 'full' ? 'every entry and every hash' : 'what was there when mirroring was switched off'],
    ['Size', `${formatCount(log.mirrorSize)} entries of ${formatCount(log.verifiedSize)} verified`],
    ['On disk', onDisk(log.mirrorBytes, limit)],
    ...(log.mirrorProblem === null
      ? []
      : [
          [
            'Problem',
            <span key="problem" className="flex flex-wrap gap-x-3 wrap-anywhere">
              <StateMark state={STANDS_STILL} /> {showText(log.mirrorProblem)}
            </span>,
          ] as const,
        ]),
    ...(log.mirrorSize === 0
      ? []
      : [
          [
            'Served at',
            <span key="path">
              <Value value={path} limit={120} copy="path" /> ·{' '}
              <a className="link" href={`${path}checkpoint`}>
                Checkpoint
              </a>
            </span>,
          ] as const,
          [
            'To check it',
            <CodeBlock
              key="check"
              label="command to check the mirror"
              text={`modeltrail log check-mirror ${shellQuote(showText(log.origin))}`}
            />,
          ] as const,
        ]),
  ];
  return (
    <Panel title="Mirror" id="mirror">
      <Facts facts={facts} />
    </Panel>
  );
}

function onDisk(bytes: number, limit: number | null): string {
  if (limit === null) return formatBytes(bytes);
  const part = Math.floor((100 * bytes) / limit);
  return `${formatBytes(bytes)} of at most ${formatBytes(limit)} (${part < 1 ? 'under 1' : part}%)`;
}
