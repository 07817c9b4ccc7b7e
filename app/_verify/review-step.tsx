'use client';

import { Download } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { formatBytes, formatCount, formatPlural } from '#lib/provenance/format.ts';
import { CopyButton } from '../_ui/copy-button.tsx';
import { Facts } from '../_ui/facts.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateGlyph } from '../_ui/state-mark.tsx';
import { Digest, Value } from '../_ui/value.tsx';
import { ExpectationFields } from './expectation-fields.tsx';
import { HASH_TYPES } from './hash-choice.ts';
import { ReviewProblems } from './review-problems.tsx';
import { sendJson } from './send-list.ts';
import type { Hashed } from './use-hashing.ts';

/** Characters of the list that are drawn; a page with more of them would stand still. */
const MOST_SHOWN = 60_000;

interface Props {
  readonly hashed: Hashed;
  readonly models: readonly string[];
  readonly onAgain: () => void;
}

/** All that would be sent, before it is sent. */
export function ReviewStep({ hashed, models, onAgain }: Props) {
  const router = useRouter();
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { json } = hashed;
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setSending(true);
    setProblem(null);
    const sent = await sendJson(json, new FormData(event.currentTarget));
    if ('url' in sent) return router.push(sent.url);
    setProblem(sent.problem);
    setSending(false);
  };
  const size = new Blob([json]).size;
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <HashedFacts hashed={hashed} />
      <ReviewProblems problems={hashed.problems} />
      <div>
        <div className="mb-1 flex flex-wrap items-center justify-between gap-2">
          <p>
            <strong className="font-semibold">This is all that is sent</strong>
            <span className="text-muted"> ({formatBytes(size)} of JSON, and the fields below)</span>
          </p>
          <span className="flex items-center gap-2">
            <CopyButton value={json} label="list" />
            <button type="button" className="button" onClick={() => saveFile(json)}>
              <Download size={14} aria-hidden="true" /> Download
            </button>
          </span>
        </div>
        <ScrollArea label="The list that is sent" className="max-h-72 rounded border border-line bg-sunken">
          <pre className="w-max min-w-full p-3 text-[0.78rem] leading-5">{json.slice(0, MOST_SHOWN)}</pre>
        </ScrollArea>
        {json.length > MOST_SHOWN ? (
          <p className="mt-1 text-muted">
            The first {formatCount(MOST_SHOWN)} of {formatCount(json.length)} characters; copy and download give all.
          </p>
        ) : null}
      </div>
      <ExpectationFields prefix="files" models={models} />
      {problem === null ? null : (
        <p role="alert" className="flex items-start gap-2 rounded bg-broken-tint px-3 py-2 text-broken">
          <span className="mt-0.5">
            <StateGlyph tone="broken" />
          </span>
          <span className="min-w-0 wrap-anywhere">{problem}</span>
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <button type="submit" className="button button-accent disabled:opacity-60" disabled={isSending}>
          {isSending ? 'Sending…' : 'Send and verify'}
        </button>
        <button type="button" className="button" onClick={onAgain} disabled={isSending}>
          Choose others
        </button>
      </div>
    </form>
  );
}

function HashedFacts({ hashed }: { hashed: Hashed }) {
  const { name, files, bytes, took, choice, roots, leftOut } = hashed;
  const how = choice.shardSize === null ? 'of whole files' : `of shards of ${formatCount(choice.shardSize)} bytes`;
  return (
    <Facts
      facts={[
        ...(name === null ? [] : [['Folder', <Value key="name" value={name} />] as const]),
        [
          'Hashed',
          <span key="hashed">
            {formatPlural(files, 'file')}, {formatBytes(bytes)} in{' '}
            <data value={took}>{(took / 1000).toFixed(1)} s</data>
            {took > 0 ? `, ${formatBytes((bytes * 1000) / took)}/s` : ''}
          </span>,
        ],
        ['Hash', `${HASH_TYPES[choice.hashType]} ${how}`],
        ...(roots === null ? [] : [['OMS root', <Roots key="roots" {...roots} />] as const]),
        ...(leftOut.length === 0
          ? []
          : [
              [
                'Left out',
                <ul key="left">
                  {leftOut.map(({ rule, files: count, bytes: size }) => (
                    <li key={rule.path}>
                      <Value value={rule.path} limit={72} />{' '}
                      <span className="text-muted">
                        {formatPlural(count, 'file')}, {formatBytes(size)};{' '}
                        {rule.by === 'default' ? 'the usual paths of Git' : 'named under Options'}
                      </span>
                    </li>
                  ))}
                </ul>,
              ] as const,
            ]),
      ]}
    />
  );
}

/** Clients sort a manifest in two ways; where names make them differ, both are shown. */
function Roots({ python, specification }: { python: string; specification: string }) {
  if (python === specification) return <Digest value={python} limit={64} copy="root" />;
  return (
    <span className="lines">
      <Digest value={python} limit={64} copy="root" />
      <span className="text-muted">
        or, sorted as the specification says, <Digest value={specification} limit={64} copy="root" />
      </span>
    </span>
  );
}

function saveFile(json: string): void {
  const url = URL.createObjectURL(new Blob([json], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'modeltrail-list.json';
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
