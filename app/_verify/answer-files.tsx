import type { IgnoredBy } from '#lib/model-signing/ignore.ts';
import { formatCount, formatPlural } from '#lib/provenance/format.ts';
import { FILE_STATES, type FileAnswer, type FileState, type VerificationAnswer } from '#lib/provenance/verification.ts';
import { FILE_STATE } from '#lib/provenance/verification-words.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { Nothing, Panel } from '../_ui/panel.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Value } from '../_ui/value.tsx';

export const FILES_PER_PAGE = 200;

const RULES: Readonly<Record<IgnoredBy, string>> = {
  default: 'left out of every signature by default',
  signer: 'left out by the signer’s list',
  operator: 'left out by the sender',
  'signature-file': 'a signature itself',
};

interface Props {
  readonly counts: VerificationAnswer['counts'];
  /** Those of one page. */
  readonly files: readonly FileAnswer[];
  /** Of which state they are; null for all that do not match. */
  readonly state: FileState | null;
  /** How many stand before those of this page. */
  readonly before: number;
  /** Whether the files were held against a version at all. */
  readonly isCompared: boolean;
  readonly urlOf: (page: { state: FileState | null; before: number }) => string;
}

/** File by file, what is not as listed first; those that match are a page of their own. */
export function AnswerFiles({ counts, files, state, before, isCompared, urlOf }: Props) {
  const total = FILE_STATES.reduce((sum, each) => sum + counts[each], 0);
  const other = total - counts.matches;
  const shown = state === null ? other : counts[state];
  return (
    <Panel title="Files" id="files" flush aside={formatPlural(total, 'file')}>
      <nav aria-label="States of files" className="flex flex-wrap gap-x-4 gap-y-1 border-b border-line px-4 py-2">
        <Choice href={urlOf({ state: null, before: 0 })} isOn={state === null} word="All but matching" count={other} />
        {FILE_STATES.filter((each) => counts[each] > 0).map((each) => (
          <Choice
            key={each}
            href={urlOf({ state: each, before: 0 })}
            isOn={state === each}
            word={FILE_STATE[each].word}
            count={counts[each]}
          />
        ))}
      </nav>
      {files.length > 0 ? (
        <FileTable files={files} />
      ) : (
        <Nothing>
          {isCompared && state === null && other === 0
            ? `All ${formatPlural(counts.matches, 'file')} match. `
            : 'There is no such file. '}
          {counts.matches > 0 && state !== 'matches' ? (
            <AppLink href={urlOf({ state: 'matches', before: 0 })}>Show those that match</AppLink>
          ) : null}
        </Nothing>
      )}
      {shown > files.length ? (
        <nav aria-label="Pages of files" className="flex flex-wrap items-center gap-3 border-t border-line px-4 py-2">
          <span className="text-muted tabular-nums">
            {formatCount(Math.min(before + 1, shown))} to {formatCount(before + files.length)} of {formatCount(shown)}
          </span>
          {before > 0 ? (
            <AppLink href={urlOf({ state, before: Math.max(0, before - FILES_PER_PAGE) })} rel="prev">
              Files before
            </AppLink>
          ) : null}
          {before + files.length < shown ? (
            <AppLink href={urlOf({ state, before: before + files.length })} rel="next">
              More files
            </AppLink>
          ) : null}
        </nav>
      ) : null}
    </Panel>
  );
}

function Choice({ href, isOn, word, count }: { href: string; isOn: boolean; word: string; count: number }) {
  return (
    <AppLink
      href={href}
      aria-current={isOn ? 'true' : undefined}
      className={`inline-flex min-h-6 items-center ${isOn ? 'font-medium text-ink' : 'link'}`}
    >
      {word} ({formatCount(count)})
    </AppLink>
  );
}

function FileTable({ files }: { files: readonly FileAnswer[] }) {
  return (
    <ScrollArea label="Files with their states" className="max-h-[44rem] print:max-h-none">
      <table className="table table-stack">
        <thead className="md:sticky md:top-0 md:z-1">
          <tr>
            <th scope="col">File</th>
            <th scope="col">State</th>
            <th scope="col">Listed</th>
            <th scope="col">Given</th>
          </tr>
        </thead>
        <tbody>
          {files.map((file) => (
            <tr key={`${file.state} ${file.path} ${file.givenAs ?? ''}`}>
              <th scope="row" data-label="File">
                <span className="lines">
                  <Value value={file.path} limit={72} />
                  <Note file={file} />
                </span>
              </th>
              <td data-label="State">
                <StateMark state={FILE_STATE[file.state]} />
              </td>
              <td data-label="Listed">
                <Given digest={file.listed} />
              </td>
              <td data-label="Given">
                <Given digest={file.given} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function Note({ file: { givenAs, rule } }: { file: FileAnswer }) {
  if (givenAs !== null) {
    return (
      <span className="font-normal text-muted">
        given as <Value value={givenAs} limit={72} />
      </span>
    );
  }
  if (rule === null) return null;
  return (
    <span className="font-normal text-muted">
      {RULES[rule.by]}: <Value value={rule.path} limit={60} />
    </span>
  );
}

function Given({ digest }: { digest: string | null }) {
  return digest === null ? <span className="text-muted">no one hash</span> : <Value value={digest} limit={24} />;
}
