'use client';

import { FileStack, FolderOpen } from 'lucide-react';
import { type ChangeEvent, useEffect, useRef, useState } from 'react';
import { StateGlyph } from '../_ui/state-mark.tsx';
import type { HashChoice } from './hash-choice.ts';
import { HashOptions } from './hash-options.tsx';

interface Props {
  readonly problem: string | null;
  readonly isReading: boolean;
  /** Whether files are held over the page. */
  readonly isOver: boolean;
  readonly choice: HashChoice;
  readonly onChoice: (choice: HashChoice) => void;
  readonly onFiles: (files: readonly File[]) => void;
}

/** Where files are dropped or chosen. */
export function ChooseFiles({ problem, isReading, isOver, choice, onChoice, onFiles }: Props) {
  const folder = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const [isReady, setReady] = useState(false);
  useEffect(() => setReady(true), []);
  const take = ({ target }: ChangeEvent<HTMLInputElement>) => {
    const chosen = [...(target.files ?? [])];
    // The same folder can be chosen again.
    target.value = '';
    if (chosen.length > 0) onFiles(chosen);
  };
  const isOff = !isReady || isReading;
  return (
    <div className="flex flex-col gap-3">
      {problem === null ? null : (
        <p role="alert" className="flex items-start gap-2 rounded bg-broken-tint px-3 py-2 text-broken">
          <span className="mt-0.5">
            <StateGlyph tone="broken" />
          </span>
          <span className="min-w-0 wrap-anywhere">{problem}</span>
        </p>
      )}
      <div
        className={`flex flex-col items-center gap-3 rounded-md border-2 border-dashed px-4 py-10 text-center ${
          isOver ? 'border-accent bg-accent-tint' : 'border-edge'
        }`}
      >
        <p className="text-base font-medium">
          {isReading
            ? 'Looking for the files…'
            : isOver
              ? 'Let go to hash them'
              : 'Drop a model’s folder anywhere here'}
        </p>
        <div className="flex flex-wrap justify-center gap-2">
          <button
            type="button"
            className="button button-accent disabled:opacity-60"
            disabled={isOff}
            onClick={() => folder.current?.click()}
          >
            <FolderOpen size={15} aria-hidden="true" /> Choose a folder
          </button>
          <button
            type="button"
            className="button disabled:opacity-60"
            disabled={isOff}
            onClick={() => files.current?.click()}
          >
            <FileStack size={15} aria-hidden="true" /> Choose files
          </button>
        </div>
        <p className="max-w-[62ch] text-muted">
          This browser hashes the files. Only paths, sizes and hashes are sent, and you see them first; no byte of a
          file leaves this computer.
        </p>
        <noscript>
          <p className="font-medium">Hashing here needs JavaScript, which is off. Give a list of hashes below.</p>
        </noscript>
        <input
          ref={folder}
          type="file"
          hidden
          multiple
          onChange={take}
          {...{ webkitdirectory: '' }}
          data-chooses="folder"
        />
        <input ref={files} type="file" hidden multiple onChange={take} data-chooses="files" />
      </div>
      <HashOptions choice={choice} onChange={onChoice} />
    </div>
  );
}
