import { ChevronRight } from 'lucide-react';
import { FINDING } from '#lib/provenance/finding-words.ts';
import { formatCount, formatPlural } from '#lib/provenance/format.ts';
import type { ModelFinding } from '#lib/services/finding/list-of-model.ts';
import { versionUrl } from '../_server/object-urls.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { MoreRows } from '../_ui/more-rows.tsx';
import { Panel } from '../_ui/panel.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';

/** Findings until somebody asks for all of them. */
const FEW = 5;

interface Props {
  readonly slug: string;
  /** The open ones first, then the newest first. */
  readonly findings: readonly ModelFinding[];
  /** Over all findings, those too that are not in the list. */
  readonly counts: { readonly open: number; readonly past: number };
  /** The version that the page is about: what is open about it stands first, and open. */
  readonly versionId: string;
  /** Where all findings are; null where this is the place. */
  readonly allUrl: string | null;
}

/** What somebody should look at about a model, and what was looked at and is so no longer. */
export function FindingsPanel({ slug, findings, counts, versionId, allUrl }: Props) {
  const total = counts.open + counts.past;
  if (total === 0) return null;
  const here = findings.filter((finding) => finding.resolvedAt === null && finding.versionId === versionId);
  const isShort = allUrl !== null && total > FEW;
  return (
    <Panel
      title="Findings"
      id="findings"
      flush
      aside={`${formatPlural(counts.open, 'open', 'open')}, ${counts.past} past`}
    >
      {here.length === 0 ? (
        <p className="px-4 py-3 text-muted">Nothing is open about this version.</p>
      ) : (
        <List slug={slug} findings={isShort ? here.slice(0, FEW) : here} />
      )}
      {isShort ? (
        <MoreRows shown={Math.min(here.length, FEW)} total={total} what="findings" href={allUrl} />
      ) : (
        <Others slug={slug} findings={findings} versionId={versionId} total={total} />
      )}
    </Panel>
  );
}

/** What is open about other versions, and what was so. */
function Others({
  slug,
  findings,
  versionId,
  total,
}: Pick<Props, 'slug' | 'findings' | 'versionId'> & { readonly total: number }) {
  const past = findings.filter(({ resolvedAt }) => resolvedAt !== null);
  const open = findings.filter((finding) => finding.resolvedAt === null && finding.versionId !== versionId);
  return (
    <>
      <Closed
        title={formatPlural(open.length, 'open finding of other versions', 'open findings of other versions')}
        slug={slug}
        findings={open}
      />
      <Closed title={formatPlural(past.length, 'past finding')} slug={slug} findings={past} />
      {total > findings.length ? (
        <p className="border-t border-line px-4 py-2 text-muted">
          {formatCount(total - findings.length)} more, longer past, are in{' '}
          <a href={`/api/v1/findings?model=${encodeURIComponent(slug)}`} className="link">
            the API’s list of findings
          </a>
          .
        </p>
      ) : null}
    </>
  );
}

function List({ slug, findings }: Pick<Props, 'slug' | 'findings'>) {
  return (
    <ul className="divide-y divide-line">
      {findings.map((finding) => (
        <Row key={finding.id} slug={slug} finding={finding} />
      ))}
    </ul>
  );
}

function Closed({ title, slug, findings }: Pick<Props, 'slug' | 'findings'> & { readonly title: string }) {
  if (findings.length === 0) return null;
  return (
    <details className="group border-t border-line">
      <summary className="flex items-center gap-1 px-4 py-2 text-muted hover:bg-sunken">
        <ChevronRight size={14} aria-hidden="true" className="group-open:rotate-90" />
        {title}
      </summary>
      <div className="border-t border-line">
        <List slug={slug} findings={findings} />
      </div>
    </details>
  );
}

function Row({ slug, finding }: { slug: string; finding: ModelFinding }) {
  const { kind, statement, evidence, firstAt, resolvedAt, versionId } = finding;
  const values = Object.entries(evidence);
  return (
    <li className="grid gap-x-4 gap-y-1 px-4 py-2.5 md:grid-cols-[12rem_minmax(0,1fr)]">
      <div className="flex flex-wrap gap-x-3 md:flex-col">
        <StateMark state={FINDING[kind]} />
        <span className="text-muted">
          <Time at={firstAt} />
        </span>
      </div>
      <div className="min-w-0">
        <p className="max-w-[100ch]">
          <Value value={statement} limit={600} isText />
          {versionId === null ? null : (
            <>
              {' '}
              <AppLink href={versionUrl(slug, versionId)}>The version</AppLink>
            </>
          )}
        </p>
        {resolvedAt === null ? (
          <p className="text-muted">{FINDING[kind].next}</p>
        ) : (
          <p className="text-muted">
            No longer so since <Time at={resolvedAt} />
          </p>
        )}
        {values.length === 0 ? null : (
          <dl className="mt-1 grid gap-x-3 sm:grid-cols-[auto_minmax(0,1fr)]">
            {values.slice(0, 10).map(([label, value]) => (
              <div key={label} className="contents">
                <dt className="max-w-[28ch] text-muted">
                  <Value value={label} limit={60} isText />
                </dt>
                <dd className="min-w-0">
                  <Value value={value} limit={120} />
                </dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </li>
  );
}
