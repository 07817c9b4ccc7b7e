import type { AnswerNotice } from '#lib/provenance/verification.ts';
import { NoticeText } from '../_incidents/notices.tsx';

/** What stands against using the files, beside what the bytes are: neither hides the other. */
export function AnswerNotices({ notices }: { notices: readonly AnswerNotice[] }) {
  if (notices.length === 0) return null;
  return (
    <div className="-mx-4 mt-3 border-y border-line">
      {notices.map((notice) => (
        <NoticeText key={notice.kind === 'incident' ? notice.incidentId : notice.bundleId} notice={notice} />
      ))}
    </div>
  );
}
