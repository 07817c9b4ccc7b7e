import { PUBLIC_SLUG_RULE } from '#lib/provenance/public-slug.ts';
import type { SharedParts } from '#lib/provenance/shared-parts.ts';
import { MOST_SHARE_DAYS } from '#lib/services/sharing/create-share-link.ts';
import type { KnownTarget } from '#lib/services/sharing/target.ts';
import { PartsFields, PreviewButton } from './parts-fields.tsx';

export type Shareable = KnownTarget;

interface Props {
  readonly shareable: readonly Shareable[];
  readonly parts: SharedParts;
}

/** The form that publishes a model or a version. */
export function PublishFields({ shareable, parts, back }: Props & { back: string }) {
  return (
    <form action="/sharing/publish" method="post" className="flex flex-col gap-3">
      <input type="hidden" name="back" value={back} />
      <Targets shareable={shareable} />
      <label className="flex flex-col gap-1">
        <span className="font-medium">Address</span>
        <span className="flex items-center gap-1">
          <span className="mono text-muted">/p/</span>
          <input
            name="slug"
            className="control min-w-0 flex-1 sm:max-w-80"
            maxLength={64}
            placeholder={shareable[0]?.suggestedSlug}
            autoComplete="off"
            spellCheck={false}
          />
        </span>
        <span className="text-muted">{PUBLIC_SLUG_RULE}. Made of the name where it is left empty.</span>
      </label>
      <PartsFields parts={parts} />
      <div className="flex gap-2">
        <button type="submit" className="button button-accent">
          Publish
        </button>
        <PreviewButton />
      </div>
    </form>
  );
}

/** The form that makes an unlisted link. */
export function LinkFields({ shareable, parts }: Props) {
  return (
    <form action="/sharing/link" method="post" className="flex flex-col gap-3">
      <Targets shareable={shareable} />
      <div className="flex flex-wrap gap-3">
        <label className="flex min-w-0 flex-1 basis-60 flex-col gap-1">
          <span className="font-medium">For whom</span>
          <input name="note" className="control" maxLength={200} placeholder="For the auditors of spring" />
        </label>
        <label className="flex flex-col gap-1">
          <span className="font-medium">Days until it runs out</span>
          <input
            name="days"
            type="number"
            className="control w-28"
            min={1}
            max={MOST_SHARE_DAYS}
            defaultValue={14}
            required
          />
        </label>
      </div>
      <PartsFields parts={parts} />
      <p className="max-w-[80ch] text-muted">
        You are led to the page that the link opens. The address of that page is the link: copy it there, it is stored
        nowhere.
      </p>
      <div className="flex gap-2">
        <button type="submit" className="button button-accent">
          Make the link
        </button>
        <PreviewButton />
      </div>
    </form>
  );
}

function Targets({ shareable }: { shareable: readonly Shareable[] }) {
  return (
    <fieldset>
      <legend className="mb-1 font-medium">What is shared</legend>
      <div className="flex flex-wrap gap-x-6 gap-y-1">
        {shareable.map(({ kind, targetId }, i) => (
          <label key={kind} className="flex min-h-6 items-center gap-2">
            <input type="radio" name="target" value={`${kind} ${targetId}`} defaultChecked={i === 0} />
            {kind === 'model' ? 'The model, always with its newest version' : 'This version only'}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
