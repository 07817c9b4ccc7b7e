import { noticeState } from '#lib/provenance/notice-words.ts';
import type { AnswerNotice } from '#lib/provenance/verification.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Value } from '../_ui/value.tsx';

/** What stands against using the files, beside what the bytes are: neither hides the other. */
export function AnswerNotices({ notices }: { notices: readonly AnswerNotice[] }) {
  if (notices.length === 0) return null;
  return (
    <ul className="mt-3 flex flex-col gap-2 border-t border-line pt-3">
      {notices.map((notice) => (
        <li
          key={notice.kind === 'incident' ? notice.incidentId : notice.bundleId}
          className="max-w-[100ch] text-base leading-6 whitespace-pre-line"
        >
          <StateMark state={noticeState(notice)} className="mr-2" />
          <Value value={notice.sentence} limit={2600} isText />{' '}
          {notice.kind === 'incident' ? (
            <AppLink href={`/incidents/${notice.incidentId}`}>Incident #{notice.number}</AppLink>
          ) : (
            <a href={`/api/v1/bundles/${notice.bundleId}`} className="link">
              The signed statement
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}
