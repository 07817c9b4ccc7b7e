'use client';

import { ChevronRight } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { isHashType } from '#lib/model-signing/resource.ts';
import { HASH_TYPES, type HashChoice } from './hash-choice.ts';

interface Props {
  readonly choice: HashChoice;
  readonly onChange: (choice: HashChoice) => void;
}

/** What only people need whose model was signed in another than the usual way. */
export function HashOptions({ choice, onChange }: Props) {
  return (
    <details className="group">
      <summary className="inline-flex min-h-8 items-center gap-1 text-muted hover:text-ink">
        <ChevronRight size={14} aria-hidden="true" className="group-open:rotate-90" />
        Options: {HASH_TYPES[choice.hashType]} of {choice.shardSize === null ? 'whole files' : 'shards'}
      </summary>
      <div className="mt-2 grid gap-4 sm:grid-cols-2">
        <Field label="Hash" note="The one that the model was signed with; most are signed with SHA-256.">
          {(props) => (
            <select
              {...props}
              value={choice.hashType}
              onChange={({ target }) => isHashType(target.value) && onChange({ ...choice, hashType: target.value })}
            >
              {Object.entries(HASH_TYPES).map(([type, word]) => (
                <option key={type} value={type}>
                  {word}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Shard size in bytes" note="Only for models signed by shards, as in 1000000000.">
          {(props) => (
            <input
              {...props}
              type="number"
              min={1}
              step={1}
              placeholder="none: one digest a file"
              defaultValue={choice.shardSize ?? ''}
              onChange={({ target }) => onChange({ ...choice, shardSize: readShardSize(target.value) })}
            />
          )}
        </Field>
        <Field
          label="Leave out"
          note="Paths from the model’s folder, one a line, each with all below it. Those that left something out are sent too."
        >
          {(props) => (
            <textarea
              {...props}
              rows={3}
              placeholder="checkpoints/tmp"
              defaultValue={choice.leaveOut.join('\n')}
              onChange={({ target }) => onChange({ ...choice, leaveOut: readPaths(target.value) })}
            />
          )}
        </Field>
        <label className="flex items-start gap-2">
          <input
            type="checkbox"
            className="mt-0.5 size-4 accent-accent"
            checked={choice.leavesOutGit}
            onChange={({ target }) => onChange({ ...choice, leavesOutGit: target.checked })}
          />
          <span>Leave out .git, .gitignore, .gitattributes and .github at the top, as signing a model does.</span>
        </label>
      </div>
    </details>
  );
}

interface FieldProps {
  readonly label: string;
  readonly note: string;
  readonly children: (props: { id: string; className: string; 'aria-describedby': string }) => ReactNode;
}

/** The note is no part of the label: it would be read out as the control's name. */
function Field({ label, note, children }: FieldProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children({ id, className: 'control', 'aria-describedby': `${id}-note` })}
      <p id={`${id}-note`} className="text-muted">
        {note}
      </p>
    </div>
  );
}

function readShardSize(text: string): number | null {
  const size = Number(text);
  return text !== '' && Number.isSafeInteger(size) && size > 0 ? size : null;
}

function readPaths(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '');
}
