import { formatCount } from '#lib/provenance/format.ts';
import type { State } from '#lib/provenance/state.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import type { SourceKind, SourceSummary } from '#lib/services/source/list-sources.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';

const KINDS: Readonly<Record<SourceKind, string>> = {
  directory: 'Watched directory',
  folder: 'Model repositories',
  oci: 'OCI registry or layout',
  github: 'GitHub attestations',
  'rekor-index': 'Search index of a log',
};

/** The ways in, each with how the last look at it went. */
export function SourcesTable({ sources, chosen }: { sources: readonly SourceSummary[]; chosen: string | null }) {
  return (
    <ScrollArea label="Sources of the configuration">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">State</th>
            <th scope="col">Last look</th>
            <th scope="col">What it came to</th>
            <th scope="col" className="numeric">
              Accepted
            </th>
            <th scope="col" className="numeric">
              Refused
            </th>
          </tr>
        </thead>
        <tbody>
          {sources.map((source) => (
            <Row key={source.name} source={source} isChosen={source.name === chosen} />
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function Row({ source, isChosen }: { source: SourceSummary; isChosen: boolean }) {
  const { name, kind, location, lastRunAt, nextRunAt, error } = source;
  return (
    <tr>
      <th scope="row" data-label="Source">
        <span className="flex flex-col">
          <AppLink
            href={`/sources?source=${encodeURIComponent(name)}`}
            aria-current={isChosen ? 'true' : undefined}
            className="link font-medium"
          >
            <Value value={name} limit={48} isText />
          </AppLink>
          <span className="text-muted">{KINDS[kind]}</span>
          <Value value={location} limit={60} className="text-muted" />
        </span>
      </th>
      <td data-label="State">
        <StateMark state={stateOf(source)} />
      </td>
      <td data-label="Last look">
        {lastRunAt === null ? (
          <span className="text-muted">{kind === 'directory' ? 'watched' : 'none yet'}</span>
        ) : (
          <Time at={lastRunAt} />
        )}
        {error !== null && nextRunAt !== null ? (
          <span className="block text-muted">
            tried again <Time at={nextRunAt} />
          </span>
        ) : null}
      </td>
      <td data-label="What it came to">
        {error === null ? (
          <span className="text-muted">{describeResult(source.result)}</span>
        ) : (
          <span className="block max-w-[60ch] wrap-anywhere">{showText(error)}</span>
        )}
      </td>
      <td data-label="Accepted" className="numeric">
        {formatCount(source.accepted)}
      </td>
      <td data-label="Refused" className="numeric">
        {formatCount(source.refused)}
      </td>
    </tr>
  );
}

function stateOf({ kind, error, failures, lastSuccessAt }: SourceSummary): State {
  if (error !== null) {
    const meaning = `The last look failed, ${failures} in a row; nothing new is seen of it. It is tried again by itself.`;
    return { tone: 'broken', word: 'Failing', meaning };
  }
  if (kind === 'directory' || lastSuccessAt !== null) {
    return { tone: 'proven', word: 'Working', meaning: 'The last look at it went well.' };
  }
  return {
    tone: 'unknown',
    word: 'Not looked at yet',
    meaning: 'The jobs have not looked at it since it was configured.',
  };
}

function describeResult(result: Readonly<Record<string, number>>): string {
  const parts = Object.entries(result).map(([label, count]) => `${formatCount(count)} ${label}`);
  return parts.length === 0 ? '' : parts.join(', ');
}
