import { basename } from 'node:path';
import type { SettingSection } from '#lib/config/setting-section.ts';
import { formatCount } from '#lib/provenance/format.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import type { SettingFound } from '#lib/services/setting/found.ts';
import type { ListedSetting } from '#lib/services/setting/list.ts';
import { describeProblem } from '#lib/services/setting/refusal.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';
import { ItemFacts } from './item-facts.tsx';
import { anchorOf } from './section-page.ts';
import { SETTING_STATES } from './setting-words.ts';

interface Props {
  readonly section: SettingSection;
  readonly items: readonly ListedSetting[];
  readonly found: ReadonlyMap<string, SettingFound>;
  readonly canChange: boolean;
}

/** The items of a list: those of the file first, then those that were made here. */
export function SettingsTable({ section, items, found, canChange }: Props) {
  return (
    <ScrollArea label={`${section.title}, one by one`}>
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">State</th>
            <th scope="col">Says</th>
            <th scope="col">Set in</th>
            <th scope="col">Found</th>
            {canChange ? <th scope="col">Change</th> : null}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <Row
              key={`${item.place.kind} ${item.name}`}
              section={section}
              item={item}
              found={item.isInFile ? undefined : found.get(item.name)}
              canChange={canChange}
            />
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

interface RowProps {
  readonly section: SettingSection;
  readonly item: ListedSetting;
  readonly found: SettingFound | undefined;
  readonly canChange: boolean;
}

function Row({ section, item, found, canChange }: RowProps) {
  const { name, place, state, problems, value } = item;
  return (
    <tr {...(place.kind === 'here' ? { id: anchorOf(name) } : {})}>
      <th scope="row" data-label="Name" className="md:min-w-32">
        <Value value={name} limit={60} isText className="font-medium" />
      </th>
      <td data-label="State">
        <span className="block">
          <StateMark state={SETTING_STATES[state]} />
          {problems.map((problem) => (
            <span key={describeProblem(problem)} className="mt-0.5 block max-w-[44ch] wrap-anywhere">
              {showText(describeProblem(problem))}
            </span>
          ))}
        </span>
      </td>
      <td data-label="Says" className="md:min-w-72">
        <ItemFacts section={section} value={value} />
      </td>
      <td data-label="Set in">
        <Place place={place} />
      </td>
      <td data-label="Found">
        {found === undefined ? <span className="text-muted">nothing yet</span> : <Found found={found} />}
      </td>
      {canChange ? (
        <td data-label="Change">
          {place.kind === 'here' ? (
            <Actions slug={section.slug} item={item} />
          ) : (
            <span className="text-muted">in the file</span>
          )}
        </td>
      ) : null}
    </tr>
  );
}

function Place({ place }: { place: ListedSetting['place'] }) {
  if (place.kind === 'file') {
    return (
      <span className="whitespace-nowrap" title={place.path}>
        {basename(place.path)}
        {place.line === null ? '' : `, line ${place.line}`}
      </span>
    );
  }
  return (
    <span className="flex flex-col">
      <span>here, by {place.by === null ? 'nobody who is written down' : showText(place.by)}</span>
      <span className="text-muted">
        <Time at={place.at} />
      </span>
    </span>
  );
}

function Found({ found: { count, of, at, problem, href } }: { found: SettingFound }) {
  const text = `${formatCount(count)} ${of}${count === 1 ? '' : 's'}`;
  return (
    <span className="flex flex-col">
      {href === null || count === 0 ? <span>{text}</span> : <AppLink href={href}>{text}</AppLink>}
      {at === null ? null : (
        <span className="text-muted">
          last <Time at={at} />
        </span>
      )}
      {problem === null ? null : <span className="max-w-[44ch] text-broken wrap-anywhere">{showText(problem)}</span>}
    </span>
  );
}

function Actions({ slug, item: { name, state } }: { slug: string; item: ListedSetting }) {
  const query = `name=${encodeURIComponent(name)}`;
  const [to, label] = state === 'off' ? ['on', 'Switch on'] : ['off', 'Switch off'];
  return (
    <span className="flex flex-wrap gap-x-3 gap-y-1">
      <AppLink href={`/settings/${slug}/edit?${query}`} className="link inline-flex min-h-6 items-center">
        Edit<span className="sr-only"> {showText(name)}</span>
      </AppLink>
      <AppLink href={`/settings/${slug}/change?${query}&to=${to}`} className="link inline-flex min-h-6 items-center">
        {label}
        <span className="sr-only"> {showText(name)}</span>
      </AppLink>
      <AppLink href={`/settings/${slug}/change?${query}&to=removed`} className="link inline-flex min-h-6 items-center">
        Remove<span className="sr-only"> {showText(name)}</span>
      </AppLink>
    </span>
  );
}
