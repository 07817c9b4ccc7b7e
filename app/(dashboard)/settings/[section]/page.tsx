import { basename } from 'node:path';
import { notFound, redirect } from 'next/navigation';
import type { SearchParams } from 'nuqs/server';
import { describeItem } from '#lib/config/describe-item.ts';
import type { SettingSection, WrittenItem } from '#lib/config/setting-section.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import { settingsFound } from '#lib/services/setting/found.ts';
import { listSettings } from '#lib/services/setting/list.ts';
import { withoutEmptyParts } from '../../../_server/address.ts';
import { loadListQuery } from '../../../_server/list-query.ts';
import { databasePage } from '../../../_server/page.tsx';
import { pageOf } from '../../../_server/page-of.ts';
import { AddItem } from '../../../_settings/add-item.tsx';
import { findSection, mayChange } from '../../../_settings/section-page.ts';
import { SettingsTable } from '../../../_settings/settings-table.tsx';
import { AppLink } from '../../../_ui/app-link.tsx';
import { ListOf } from '../../../_ui/list-of.tsx';
import { Empty, PageHeader, Panel } from '../../../_ui/panel.tsx';
import { StateMark } from '../../../_ui/state-mark.tsx';

interface Props {
  readonly params: Promise<{ readonly section: string }>;
  readonly searchParams: Promise<SearchParams>;
}

export async function generateMetadata({ params }: Props) {
  return { title: findSection((await params).section)?.section.title ?? 'Settings' };
}

export default databasePage<Props>(async (database, { params, searchParams }) => {
  const found = findSection((await params).section);
  if (found === null) notFound();
  const { key, section } = found;
  const path = `/settings/${section.slug}`;
  const asked = await searchParams;
  const clean = withoutEmptyParts(asked);
  if (clean !== null) redirect(`${path}${clean}`);
  const query = loadListQuery(asked);
  const [list, counts, canChange] = await Promise.all([
    listSettings(database, key),
    settingsFound(database, key),
    mayChange(),
  ]);
  const file = list.path === null ? 'modeltrail.yaml' : basename(list.path);
  const items = pageOf(list.items, query, {
    words: ({ name, value }) => [name, ...wordsOf(section, value)],
    key: ({ name, place }) => (place.kind === 'here' ? name : ''),
  });
  const hasOwn = list.items.some(({ place }) => place.kind === 'here');
  return (
    <>
      <PageHeader title={section.title}>
        {section.about} What {file} sets comes first, and is changed there; what is added here is taken up by the jobs
        within seconds. {section.fileOnly}
      </PageHeader>
      <div className="flex flex-col gap-6">
        {list.refused === null ? null : <Refused message={list.refused} />}
        <AddItem section={section} canChange={canChange} isReady={list.isReady} />
        <Panel
          title={section.title}
          id="items"
          flush
          aside={hasOwn ? <AppLink href={`${path}/export`}>Those made here, as YAML</AppLink> : null}
        >
          {list.items.length > 0 ? (
            <ListOf list={items} path={path} q={query.q} label="Part of a name, or of what it says">
              <SettingsTable section={section} items={items.shown} found={counts} canChange={canChange} />
            </ListOf>
          ) : (
            <Empty title={`There is no ${section.one} yet`}>
              {list.isReady
                ? `Add one here, or under ${section.path.join('.')} in ${file}.`
                : `What ${file} has under ${section.path.join('.')} stands here once the jobs have read it.`}
            </Empty>
          )}
        </Panel>
      </div>
    </>
  );
});

function wordsOf(section: SettingSection, value: WrittenItem | null): readonly string[] {
  return value === null ? [] : describeItem(section, value).flatMap(({ values }) => values);
}

const REFUSED = {
  tone: 'broken',
  word: 'A change is not in force',
  meaning: 'What was in force before stays in force.',
} as const;

/** What the jobs refused: what is changed here is added to the last file that was good. */
function Refused({ message }: { message: string }) {
  return (
    <section aria-label="Refused" className="panel flex flex-col gap-1 p-4">
      <StateMark state={REFUSED} />
      <p className="max-w-[100ch] wrap-anywhere whitespace-pre-line">{showText(message)}</p>
      <p className="text-muted">
        The last good file stays in force. What is changed here is added to it, and goes on to hold when the file is
        mended.
      </p>
    </section>
  );
}
