import { notFound } from 'next/navigation';
import { getSetting } from '#lib/services/setting/get.ts';
import { describeProblem } from '#lib/services/setting/refusal.ts';
import { databasePage } from '../../../../_server/page.tsx';
import { paramsOf } from '../../../../_settings/draft-url.ts';
import { ItemFacts } from '../../../../_settings/item-facts.tsx';
import { findSection, INSTEAD, mayChange } from '../../../../_settings/section-page.ts';
import { SETTING_STATES } from '../../../../_settings/setting-words.ts';
import { AppLink } from '../../../../_ui/app-link.tsx';
import { Facts } from '../../../../_ui/facts.tsx';
import { PageHeader, Panel } from '../../../../_ui/panel.tsx';
import { StateMark } from '../../../../_ui/state-mark.tsx';
import { Value } from '../../../../_ui/value.tsx';

interface Props {
  readonly params: Promise<{ readonly section: string }>;
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export const metadata = { title: 'Change a setting' };

const CHANGES = {
  on: {
    title: 'Switch on',
    what: 'The jobs take it up within seconds. Entries that are stored are held against it at once.',
    button: 'Switch it on',
  },
  off: {
    title: 'Switch off',
    what: 'The jobs go on without it within seconds. It is kept here, and what it found stays; what comes while it is off is not seen by it.',
    button: 'Switch it off',
  },
  removed: {
    title: 'Remove',
    what: 'The jobs go on without it within seconds. What it found stays, and what it said stays in the audit trail. This cannot be undone here.',
    button: 'Remove it',
  },
} as const;

/** Asks once more before an item is switched or removed. */
export default databasePage<Props>(async (database, { params, searchParams }) => {
  const found = findSection((await params).section);
  const query = paramsOf(await searchParams);
  const to = (['on', 'off', 'removed'] as const).find((known) => known === query.get('to'));
  if (found === null || to === undefined) notFound();
  const { key, section } = found;
  const name = query.get('name') ?? '';
  const { item } = await getSetting(database, { section: key, name });
  if (item?.place.kind !== 'here') notFound();
  const change = CHANGES[to];
  const here = `/settings/${section.slug}`;
  return (
    <>
      <PageHeader title={`${change.title}: ${section.one}`}>{change.what}</PageHeader>
      <Panel title={change.title} id="change">
        <div className="flex flex-col gap-4">
          <Facts
            facts={[
              ['Name', <Value key="name" value={name} isText limit={100} />],
              ['State', <StateMark key="state" state={SETTING_STATES[item.state]} />],
              ...item.problems.map((problem, i) => [`Problem ${i + 1}`, describeProblem(problem)] as const),
              ['Says', <ItemFacts key="says" section={section} value={item.value} />],
            ]}
          />
          {(await mayChange()) ? (
            <form action={`${here}/apply`} method="post" className="flex flex-wrap items-center gap-3">
              <input type="hidden" name="name" value={name} />
              <input type="hidden" name="to" value={to} />
              <input type="hidden" name="revision" value={item.place.revision} />
              <button type="submit" className="button button-accent">
                {change.button}
              </button>
              <AppLink href={here}>Leave it as it is</AppLink>
            </form>
          ) : (
            <p>Only an administrator changes this here: ask one. {INSTEAD}</p>
          )}
        </div>
      </Panel>
    </>
  );
});
