import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { namesOfParts, SHARED_PART_WORDS } from '#lib/provenance/shared-parts.ts';
import type { ListedPublication } from '#lib/services/sharing/list.ts';
import { Time } from '../_ui/time.tsx';
import { PartsFields, PreviewButton } from './parts-fields.tsx';

interface Props {
  readonly publication: ListedPublication;
  /** Under which others reach this server; null where that is not known. */
  readonly address: string | null;
  readonly back: string;
  readonly canAct: boolean;
}

/** One public page: where it is, what it shows, and the forms that change it or take it back. */
export function PublicThing({ publication: { slug, parts, target, publishedAt }, address, back, canAct }: Props) {
  const page = `${address ?? ''}/p/${slug}`;
  const shown = namesOfParts(parts).map((part) => SHARED_PART_WORDS[part].word.toLowerCase());
  return (
    <div className="flex flex-col gap-2">
      <p>
        {target.kind === 'model'
          ? 'The model, always with its newest version, is public at '
          : 'This version is public at '}
        <a href={`/p/${slug}`} className="link mono">
          /p/{slug}
        </a>
        , since <Time at={publishedAt} />. It shows {shown.length === 0 ? 'nothing but its state' : shown.join(', ')}.
      </p>
      <p className="text-muted">
        For a README: <code className="wrap-anywhere">{`[![Provenance](${page}/badge.svg)](${page})`}</code>
        {address === null ? ', with the address of this server before both.' : null}
      </p>
      {canAct ? (
        <div className="flex flex-wrap gap-x-6 gap-y-2">
          <Fold title="Change what it shows" about={slug}>
            <form action="/sharing/change" method="post" className="flex flex-col gap-3">
              <Hidden slug={slug} back={back} />
              <input type="hidden" name="target" value={`${target.kind} ${target.targetId}`} />
              <PartsFields parts={parts} />
              <div className="flex gap-2">
                <button type="submit" className="button button-accent">
                  Change it
                </button>
                <PreviewButton />
              </div>
            </form>
          </Fold>
          <Fold title="Take it back" about={slug}>
            <form action="/sharing/withdraw" method="post" className="flex max-w-[60ch] flex-col gap-2">
              <Hidden slug={slug} back={back} />
              <p>
                The address will say that the page was taken back, and show nothing more. Caches may show it for a
                minute.
              </p>
              <button type="submit" className="button self-start">
                Withdraw
              </button>
            </form>
          </Fold>
        </div>
      ) : null}
    </div>
  );
}

function Hidden({ slug, back }: { slug: string; back: string }) {
  return (
    <>
      <input type="hidden" name="slug" value={slug} />
      <input type="hidden" name="back" value={back} />
    </>
  );
}

/** A form that opens without a script. */
export function Fold({ title, about, children }: { title: string; about?: string; children: ReactNode }) {
  return (
    <details className="group min-w-0 open:basis-full">
      <summary className="link flex min-h-6 w-fit items-center gap-1">
        <ChevronRight size={14} aria-hidden="true" className="group-open:rotate-90" />
        {title}
        {about === undefined ? null : <span className="sr-only"> {about}</span>}
      </summary>
      <div className="mt-2 rounded border border-line p-3">{children}</div>
    </details>
  );
}
