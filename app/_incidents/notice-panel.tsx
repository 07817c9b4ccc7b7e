import type { IncidentDetail } from '#lib/services/incident/get.ts';
import { Panel } from '../_ui/panel.tsx';
import { Time } from '../_ui/time.tsx';
import { PlainText } from './plain-text.tsx';

/** What consumers are told, word for word. */
export function NoticePanel({ incident, canAct }: { incident: IncidentDetail; canAct: boolean }) {
  const { id, notice, noticeAt, updatedAt } = incident;
  return (
    <Panel title="What consumers are told" id="notice">
      {notice === null ? (
        <p className="text-muted">
          Nothing is said in public. Answers to who verifies, and the pages here, say that it is part of incident #
          {incident.number}, and no more.
        </p>
      ) : (
        <>
          <div className="max-w-[90ch] border-l-2 border-accent pl-3 leading-6">
            <PlainText text={notice} />
          </div>
          {noticeAt === null ? null : (
            <p className="mt-1 text-muted">
              Said since <Time at={noticeAt} />, on public pages, in verdicts and in the API.
            </p>
          )}
        </>
      )}
      {canAct ? (
        <form
          action={`/incidents/${id}/notice`}
          method="post"
          className="mt-4 flex flex-col gap-2 border-t border-line pt-4"
        >
          <input type="hidden" name="updatedAt" value={updatedAt} />
          <label className="flex min-w-0 flex-col gap-1">
            <span className="text-[0.8125rem] text-muted">
              Plain text for everybody who uses an affected version: what it is, what to do, where to ask
            </span>
            <textarea name="notice" rows={4} maxLength={2000} defaultValue={notice ?? ''} className="control w-full" />
          </label>
          <span className="flex flex-wrap gap-2">
            <button type="submit" className="button">
              {notice === null ? 'Say so in public' : 'Change the wording'}
            </button>
            {notice === null ? null : (
              <button type="submit" name="withdraw" value="yes" className="button">
                Withdraw
              </button>
            )}
          </span>
        </form>
      ) : null}
    </Panel>
  );
}
