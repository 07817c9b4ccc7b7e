import type { ItemKind, ItemProblem, SettingSection } from '#lib/config/setting-section.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { FieldInput } from './field-input.tsx';
import { ProblemText } from './problem-list.tsx';

interface Props {
  readonly section: SettingSection;
  readonly kind: ItemKind;
  readonly form: URLSearchParams;
  /** The revision that is changed; null for a new item. */
  readonly revision: number | null;
  readonly isEnabled: boolean;
  readonly problems: readonly ItemProblem[];
  /** Whether it can be tried on what is stored. */
  readonly canTry: boolean;
}

/** Adds or changes an item; works without JavaScript. */
export function ItemForm({ section, kind, form, revision, isEnabled, problems, canTry }: Props) {
  const of = (key: string) => problems.filter(({ path }) => path[0] === key);
  const here = `/settings/${section.slug}`;
  return (
    <form action={`${here}/save`} method="post" className="flex flex-col gap-5">
      <input type="hidden" name="kind" value={kind.id} />
      <input type="hidden" name="revision" value={revision ?? ''} />
      <input type="hidden" name="draft" value="1" />
      <div id="field-name" className="flex max-w-[52rem] flex-col gap-1">
        <label className="flex flex-col gap-1">
          <span className="font-medium">Name</span>
          <input
            name="name"
            defaultValue={form.get('name') ?? ''}
            readOnly={revision !== null}
            required
            maxLength={100}
            autoComplete="off"
            className="control w-full max-w-96"
            aria-describedby="note-name"
          />
        </label>
        <span id="note-name" className="text-muted">
          {revision === null
            ? 'What is found is listed under it. It cannot be changed afterwards: history is kept by it.'
            : 'History is kept by it. For another name, add another one.'}
        </span>
        {of('name').map((problem) => (
          <ProblemText key={problem.message} problem={problem} skip={1} />
        ))}
      </div>
      {kind.fields.map((field) => (
        <FieldInput key={field.key} field={field} form={form} problems={of(field.key)} />
      ))}
      <label className="flex flex-col gap-1">
        <span className="font-medium">Switched on</span>
        <select name="enabled" defaultValue={isEnabled ? 'yes' : 'no'} className="control self-start">
          <option value="yes">yes: the jobs take it up within seconds</option>
          <option value="no">no: keep it for later</option>
        </select>
      </label>
      <div className="flex flex-wrap items-center gap-3">
        <button type="submit" className="button button-accent">
          Save
        </button>
        {canTry ? (
          <button type="submit" formMethod="get" formAction={`${here}/edit`} name="try" value="1" className="button">
            Try it on what is stored
          </button>
        ) : null}
        <AppLink href={here}>Leave it as it is</AppLink>
      </div>
    </form>
  );
}
