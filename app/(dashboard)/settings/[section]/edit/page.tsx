import { notFound } from 'next/navigation';
import { fillItemForm } from '#lib/config/fill-item-form.ts';
import { readItemForm } from '#lib/config/read-item-form.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import { type CheckedSetting, checkSetting } from '#lib/services/setting/check-setting.ts';
import { getSetting } from '#lib/services/setting/get.ts';
import { SettingsNotReadyError } from '#lib/services/setting/refusal.ts';
import { tryRule } from '#lib/services/setting/try-rule.ts';
import { databasePage } from '../../../../_server/page.tsx';
import { ChangedNotice } from '../../../../_settings/changed-notice.tsx';
import { paramsOf, revisionOf } from '../../../../_settings/draft-url.ts';
import { ItemForm } from '../../../../_settings/item-form.tsx';
import { ProblemList } from '../../../../_settings/problem-list.tsx';
import { RuleTrialPanel } from '../../../../_settings/rule-trial.tsx';
import { findKind, findSection, INSTEAD, mayChange } from '../../../../_settings/section-page.ts';
import { AppLink } from '../../../../_ui/app-link.tsx';
import { PageHeader, Panel } from '../../../../_ui/panel.tsx';

interface Props {
  readonly params: Promise<{ readonly section: string }>;
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export const metadata = { title: 'Edit a setting' };

/** The form of one item: a new one, one that was made here, or one as it was filled in and not saved (`draft`). */
export default databasePage<Props>(async (database, { params, searchParams }) => {
  const found = findSection((await params).section);
  if (found === null) notFound();
  const { key, section } = found;
  const query = paramsOf(await searchParams);
  const isDraft = query.get('draft') === '1';
  const name = (query.get('name') ?? '').trim();
  const { item } = name === '' ? { item: null } : await getSetting(database, { section: key, name });
  const stored = item?.place.kind === 'here' ? { ...item, place: item.place } : null;
  if (!isDraft && name !== '' && stored === null) notFound();
  const kind = isDraft ? findKind(section, query.get('kind')) : kindOfPage(section, query.get('kind'), stored?.value);
  if (kind === null) return <FileOnly title={section.title} slug={section.slug} text={section.fileOnly} />;
  if (!(await mayChange()))
    return (
      <FileOnly
        title={section.title}
        slug={section.slug}
        text={`Only an administrator changes this here: ask one. ${INSTEAD}`}
      />
    );

  const value = readItemForm(kind, query);
  const checked = isDraft ? check(() => checkSetting(database, { section: key, value })) : null;
  const asked = isDraft ? revisionOf(query) : (stored?.place.revision ?? null);
  const revision = stored?.place.revision ?? null;
  const isChanged = isDraft && asked !== revision;
  const rule = checked?.composition.config.watch.find((one) => one.name === value.name);
  const isTried = query.get('try') === '1' && key === 'watch' && checked?.problems.length === 0;
  const trial = isTried && rule !== undefined ? await tryRule(database, rule) : null;
  const form = isDraft ? query : stored?.value ? fillItemForm(kind, stored.value) : new URLSearchParams({ name });
  const isEnabled = isDraft ? query.get('enabled') !== 'no' : stored?.state !== 'off';
  return (
    <>
      <PageHeader title={stored === null ? kind.add : showText(name)}>
        {section.about} {section.fileOnly}
      </PageHeader>
      <div className="flex flex-col gap-6">
        {checked !== null && checked.problems.length > 0 ? (
          <ProblemList kind={kind} problems={checked.problems} />
        ) : null}
        {isChanged ? <ChangedNotice section={section} item={stored} name={name} /> : null}
        {trial === null ? null : <RuleTrialPanel trial={trial} />}
        <Panel title={kind.label} id="form">
          <ItemForm
            section={section}
            kind={kind}
            form={form}
            revision={revision}
            isEnabled={isEnabled}
            problems={checked?.problems ?? []}
            canTry={key === 'watch'}
          />
        </Panel>
      </div>
    </>
  );
});

type Found = NonNullable<ReturnType<typeof findSection>>['section'];

function kindOfPage(section: Found, id: string | null, value: Parameters<Found['kindOf']>[0] | null | undefined) {
  return value ? section.kindOf(value) : findKind(section, id);
}

/** Null where no configuration is in force: saving says so. */
function check(act: () => CheckedSetting): CheckedSetting | null {
  try {
    return act();
  } catch (error) {
    if (error instanceof SettingsNotReadyError) return null;
    throw error;
  }
}

function FileOnly({ title, slug, text }: { title: string; slug: string; text: string }) {
  return (
    <>
      <PageHeader title={title} />
      <p className="max-w-[80ch]">{text === '' ? 'There is no form for this.' : text}</p>
      <p className="mt-3">
        <AppLink href={`/settings/${slug}`}>Back to the list</AppLink>
      </p>
    </>
  );
}
