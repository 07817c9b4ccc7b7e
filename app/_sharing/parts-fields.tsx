import { SHARED_PART_WORDS, SHARED_PARTS, type SharedParts } from '#lib/provenance/shared-parts.ts';

/** What a public page shows, to be chosen part by part. */
export function PartsFields({ parts }: { parts: SharedParts }) {
  return (
    <fieldset>
      <legend className="mb-1 font-medium">What it shows</legend>
      <p className="mb-2 max-w-[80ch] text-muted">
        Always: the name, the digest of all files, the state with its date, and that it must not be used, where that is
        so.
      </p>
      <ul className="grid gap-x-6 gap-y-2 md:grid-cols-2">
        {SHARED_PARTS.map((part) => (
          <li key={part}>
            <label className="flex min-h-6 items-start gap-2">
              <input type="checkbox" name="part" value={part} defaultChecked={parts[part]} className="mt-1" />
              <span>
                <span className="font-medium">{SHARED_PART_WORDS[part].word}</span>{' '}
                <span className="text-muted">{SHARED_PART_WORDS[part].shows}</span>
              </span>
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

/** Shows what outsiders would see with the parts that are chosen in its form, in a window of its own. */
export function PreviewButton() {
  return (
    <button type="submit" className="button" formMethod="get" formAction="/sharing/preview" formTarget="_blank">
      Preview
    </button>
  );
}
