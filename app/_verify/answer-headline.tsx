import { REFUSED } from '#lib/provenance/notice-words.ts';
import type { VerificationAnswer } from '#lib/provenance/verification.ts';
import { OUTCOME } from '#lib/provenance/verification-words.ts';
import type { JudgedRun } from '#lib/services/verification/get.ts';
import { StateGlyph, StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';
import { AnswerNotices } from './answer-notices.tsx';

const TINTS = {
  proven: 'bg-proven-tint',
  claimed: 'bg-claimed-tint',
  broken: 'bg-broken-tint',
  unknown: 'bg-unknown-tint',
} as const;

/** The answer in a sentence, what to do for a better one, and what it does not say. */
export function AnswerHeadline({ answer, other }: { answer: VerificationAnswer; other: JudgedRun | null }) {
  const { outcome, sentence, at, expected, hint, notices } = answer;
  // What refuses the files has lines of its own.
  const aboutBytes = notices.reduce((text, notice) => text.replace(` ${notice.sentence}`, () => ''), sentence);
  const isRefused = notices.some(({ refuses }) => refuses);
  return (
    <section aria-label="Answer" className={`panel p-4 ${TINTS[isRefused ? 'broken' : OUTCOME[outcome].tone]}`}>
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <span className="text-base">
          <StateMark state={OUTCOME[outcome]} />
        </span>
        {isRefused ? (
          <span className="text-base">
            <StateMark state={REFUSED} />
          </span>
        ) : null}
        <span className="text-muted">
          checked <Time at={at} />
        </span>
      </p>
      <p className="mt-2 max-w-[100ch] text-base leading-6">
        <Value value={aboutBytes} limit={1200} isText />
      </p>
      <AnswerNotices notices={notices} />
      {expected === null ? null : (
        <p className="mt-2 flex max-w-[100ch] items-start gap-2">
          <span className="mt-0.5">
            <StateGlyph tone={expected.isMet ? 'proven' : 'broken'} />
          </span>
          <span className="min-w-0">
            <strong className="font-semibold">{expected.isMet ? 'As expected. ' : 'Not what was expected. '}</strong>
            {sentence.includes(expected.sentence) ? null : <Value value={expected.sentence} limit={600} isText />}
          </span>
        </p>
      )}
      {hint === null ? null : (
        <p className="mt-2 max-w-[100ch]">
          <strong className="font-semibold">What to do: </strong>
          <Value value={hint} limit={800} isText />
        </p>
      )}
      {other === null ? null : (
        <p className="mt-2 flex max-w-[100ch] flex-wrap items-center gap-x-2">
          <span className="text-muted">{other.at > at ? 'Asked again on' : 'When it was handed in,'}</span>
          <Time at={other.at} />
          <span className="text-muted">{other.at > at ? 'the answer is' : 'the answer was'}</span>
          <StateMark state={OUTCOME[other.outcome]} />
        </p>
      )}
      <p className="mt-3 max-w-[100ch] border-t border-line pt-2 text-muted">
        This is about hashes that somebody sent: whoever checks must have hashed the very files that are used. A
        signature shows who vouches for the bytes. It does not show that a model is harmless, or good.
      </p>
    </section>
  );
}
