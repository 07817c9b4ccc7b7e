import { TIER } from '#lib/provenance/incident-words.ts';
import { noticeState } from '#lib/provenance/notice-words.ts';
import { noticeReason, type UseNotice } from '#lib/provenance/use-notice.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Value } from '../_ui/value.tsx';
import { PlainText } from './plain-text.tsx';

/** What stands against using the thing that a page is about, above all else that the page says. */
export function Notices({ notices }: { notices: readonly UseNotice[] }) {
  if (notices.length === 0) return null;
  const isRefused = notices.some(({ refuses }) => refuses);
  return (
    <section
      aria-label="Notices"
      className={`panel divide-y divide-line border-l-4 ${isRefused ? 'border-l-broken bg-broken-tint' : 'border-l-claimed bg-claimed-tint'}`}
    >
      {notices.map((notice) => (
        <NoticeText key={keyOf(notice)} notice={notice} />
      ))}
    </section>
  );
}

/** One of them: the word, why, where it leads, and what consumers are told. */
export function NoticeText({ notice }: { notice: UseNotice }) {
  return (
    <div className="max-w-[110ch] px-4 py-3 leading-6">
      <p>
        <StateMark state={noticeState(notice)} className="mr-2" />
        <Value value={noticeReason(notice)} limit={2600} isText />{' '}
        {notice.kind === 'incident' ? (
          <>
            <span className="text-muted">{TIER[notice.tier].meaning}</span>{' '}
            <AppLink href={`/incidents/${notice.incidentId}`}>Incident #{notice.number}</AppLink>
          </>
        ) : (
          <a href={`/api/v1/bundles/${notice.bundleId}`} className="link">
            The signed statement
          </a>
        )}
      </p>
      {notice.kind === 'incident' && notice.publicWording !== null ? <PlainText text={notice.publicWording} /> : null}
    </div>
  );
}

/** The same in a table: a word each, with where it leads. */
export function NoticeMarks({ notices }: { notices: readonly UseNotice[] | undefined }) {
  if (notices === undefined || notices.length === 0) return null;
  return (
    <span className="flex flex-wrap gap-x-3">
      {notices.map((notice) =>
        notice.kind === 'incident' ? (
          <span key={keyOf(notice)} className="inline-flex items-baseline gap-1.5">
            <StateMark state={noticeState(notice)} />
            <AppLink href={`/incidents/${notice.incidentId}`}>#{notice.number}</AppLink>
          </span>
        ) : (
          <StateMark key={keyOf(notice)} state={noticeState(notice)} />
        ),
      )}
    </span>
  );
}

const keyOf = (notice: UseNotice) => (notice.kind === 'incident' ? notice.incidentId : notice.bundleId);
