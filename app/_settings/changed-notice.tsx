import type { SettingSection } from '#lib/config/setting-section.ts';
import type { ListedSetting } from '#lib/services/setting/list.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { ItemFacts } from './item-facts.tsx';

interface Props {
  readonly section: SettingSection;
  /** As it is stored now; null where it is gone. */
  readonly item: ListedSetting | null;
  readonly name: string;
}

const CHANGED = {
  tone: 'broken',
  word: 'Not saved: it was changed meanwhile',
  meaning: 'Somebody else changed, made or removed it while this form was open.',
} as const;

/** What somebody else made of the item while a form was open. */
export function ChangedNotice({ section, item, name }: Props) {
  return (
    <section aria-label="Changed meanwhile" role="alert" className="panel flex flex-col gap-2 p-4">
      <StateMark state={CHANGED} />
      {item === null ? (
        <p>It was removed. Saving now adds it again.</p>
      ) : (
        <>
          {item.place.kind === 'here' ? (
            <p>
              By {item.place.by ?? 'somebody'}, <Time at={item.place.at} />. This is how it is stored now; saving now
              replaces it by what stands below.
            </p>
          ) : null}
          <ItemFacts section={section} value={item.value} />
          <p>
            <AppLink href={`/settings/${section.slug}/edit?name=${encodeURIComponent(name)}`}>
              Begin again with what is stored
            </AppLink>
          </p>
        </>
      )}
    </section>
  );
}
