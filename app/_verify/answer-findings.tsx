import { FINDING } from '#lib/provenance/finding-words.ts';
import type { VerificationAnswer } from '#lib/provenance/verification.ts';
import { versionUrl } from '../_server/object-urls.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';

/** What is open about the version or its model: right files can still be files that nobody should use. */
export function AnswerFindings({ findings, version }: Pick<VerificationAnswer, 'findings' | 'version'>) {
  return (
    <ul className="divide-y divide-line">
      {findings.map(({ id, kind, statement, firstAt }) => (
        <li key={id} className="grid gap-x-4 gap-y-1 px-4 py-2.5 md:grid-cols-[12rem_minmax(0,1fr)]">
          <div className="flex flex-wrap gap-x-3 md:flex-col">
            <KindMark kind={kind} />
            <span className="text-muted">
              <Time at={firstAt} />
            </span>
          </div>
          <p className="max-w-[100ch] min-w-0">
            <Value value={statement} limit={600} isText />{' '}
            {version === null ? null : (
              <AppLink href={`${versionUrl(version.modelSlug, version.versionId)}#findings`}>Evidence</AppLink>
            )}
          </p>
        </li>
      ))}
    </ul>
  );
}

/** Kept answers may name kinds that this release has no word for. */
function KindMark({ kind }: { kind: string }) {
  if (Object.hasOwn(FINDING, kind)) return <StateMark state={FINDING[kind as keyof typeof FINDING]} />;
  return <Value value={kind} limit={40} />;
}
