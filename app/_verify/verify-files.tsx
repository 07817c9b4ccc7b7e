'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { collectChosen, collectDropped } from '#lib/browser/collect-files.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import { ChooseFiles } from './choose-files.tsx';
import { type HashChoice, USUAL_CHOICE } from './hash-choice.ts';
import { HashingView } from './hashing-view.tsx';
import { ReviewStep } from './review-step.tsx';
import { type Step, useHashing } from './use-hashing.ts';
import { usePageDrop } from './use-page-drop.ts';

const TITLES: Readonly<Record<Step['kind'], string>> = {
  choose: '1. Choose the files',
  reading: '1. Choose the files',
  hashing: '2. Hashing on this computer',
  review: '3. Look at the list, then send it',
};

/** Files of this computer: chosen, hashed here, and their list sent once somebody has seen it. */
export function VerifyFiles({ models }: { models: readonly string[] }) {
  const { step, start, cancel } = useHashing();
  const [choice, setChoice] = useState<HashChoice>(USUAL_CHOICE);
  const heading = useRef<HTMLHeadingElement>(null);
  const onDrop = useCallback(
    (items: DataTransferItemList) => {
      const reading = collectDropped(items);
      void start(() => reading, choice);
    },
    [start, choice],
  );
  const isOver = usePageDrop(step.kind !== 'hashing', onDrop);
  const title = TITLES[step.kind];
  const shown = useRef(title);
  useEffect(() => {
    // What had the focus is gone with its step.
    if (shown.current !== title) heading.current?.focus();
    shown.current = title;
  }, [title]);
  return (
    <section aria-labelledby="files-title" className="min-w-0">
      <h2 ref={heading} id="files-title" tabIndex={-1} className="mb-2 text-[0.9375rem] font-semibold outline-none">
        {title}
      </h2>
      <p role="status" className="sr-only">
        {announcement(step)}
      </p>
      <div className={`panel p-4 ${isOver ? 'border-accent' : ''}`}>
        {step.kind === 'hashing' ? (
          <HashingView view={step.view} onCancel={cancel} />
        ) : step.kind === 'review' ? (
          <ReviewStep hashed={step.hashed} models={models} onAgain={cancel} />
        ) : (
          <ChooseFiles
            problem={step.kind === 'choose' ? step.problem : null}
            isReading={step.kind === 'reading'}
            isOver={isOver}
            choice={choice}
            onChoice={setChoice}
            onFiles={(files) => void start(() => collectChosen(files), choice)}
          />
        )}
      </div>
    </section>
  );
}

/** Said once a step: the running figures would never let anybody listen. */
function announcement(step: Step): string {
  if (step.kind === 'reading') return 'Looking for the files.';
  if (step.kind === 'hashing') return `Hashing ${formatPlural(step.view.files, 'file')}.`;
  return step.kind === 'review' ? `${formatPlural(step.hashed.files, 'file')} hashed. Nothing is sent yet.` : '';
}
