import { formatCount, formatPlural } from '#lib/provenance/format.ts';
import type { AttentionGroup, AttentionItem } from '../_server/attention-group.ts';
import type { Situation } from '../_server/overview.ts';
import { Age } from '../_ui/age.tsx';
import { AppLink } from '../_ui/app-link.tsx';
import { Sentence } from '../_ui/sentence.tsx';
import { StateGlyph } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';

interface ListProps {
  readonly groups: readonly AttentionGroup[];
  readonly situation: Situation;
  readonly events: number;
}

/** What needs attention: what it is, how it is known, what to do now, and each case of it. */
export function AttentionList({ groups, situation, events }: ListProps) {
  return (
    <section aria-labelledby="attention">
      <h2 id="attention" className="mb-2 text-[0.9375rem] font-semibold">
        Needs attention
      </h2>
      {groups.length === 0 ? (
        <AllWell situation={situation} events={events} />
      ) : (
        <ul className="panel divide-y divide-line">
          {groups.map((group) => (
            <Group key={group.key} group={group} now={situation.now} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Group({ group, now }: { group: AttentionGroup; now: number }) {
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 px-4 py-3.5">
      <span className="mt-0.5">
        <StateGlyph tone={group.tone} size={16} />
      </span>
      <div className="min-w-0">
        <h3 className="font-semibold">{group.what}</h3>
        <p className="mt-0.5 max-w-[110ch] text-muted">
          {group.how} <span className="font-medium text-ink">What now:</span>{' '}
          <span className="text-ink">{group.next}</span>
        </p>
        <ul className="mt-2 divide-y divide-line border-t border-line">
          {group.items.map((item) => (
            <Item key={item.key} item={item} now={now} />
          ))}
        </ul>
      </div>
    </li>
  );
}

function Item({ item, now }: { item: AttentionItem; now: number }) {
  return (
    <li className="grid gap-x-6 py-1.5 md:grid-cols-[minmax(0,1fr)_auto_17.5rem]">
      <p className="min-w-0 wrap-anywhere">
        <Sentence parts={item.about} />
      </p>
      <p className="md:text-right">{item.link ? <AppLink href={item.link.href}>{item.link.text}</AppLink> : null}</p>
      <p className="text-[0.8125rem] text-muted md:text-right">
        {item.at === null ? null : (
          <>
            <Time at={item.at} /> · <Age at={item.at} now={now} />
          </>
        )}
      </p>
    </li>
  );
}

/** Calm must be earned: it says what was looked at, how far, and when. */
function AllWell({ situation, events }: { situation: Situation; events: number }) {
  const { logs, configuration, now } = situation;
  const followed = logs.filter(({ state }) => state === 'following');
  const verified = followed.reduce((sum, log) => sum + (log.reading === 'index' ? 0 : log.verifiedSize), 0);
  const looks = followed.flatMap(({ lastSuccessAt }) => lastSuccessAt ?? []);
  if (followed.length === 0) {
    return (
      <p className="panel flex gap-2.5 p-4">
        <span className="mt-0.5">
          <StateGlyph tone="unknown" size={16} />
        </span>
        <span>
          Nothing needs attention, because nothing is being watched: no log is followed yet. The jobs take the logs from
          the trust root and from {configuration.path ?? 'modeltrail.yaml'}.
        </span>
      </p>
    );
  }
  return (
    <p className="panel flex gap-2.5 p-4">
      <span className="mt-0.5">
        <StateGlyph tone="proven" size={16} />
      </span>
      <span>
        Nothing needs attention. {formatPlural(followed.length, 'log')} verified up to {formatCount(verified)} entries
        in all, {formatPlural(configuration.watch.length, 'watch rule')} in force, {formatPlural(events, 'event')} seen;
        last looked {looks.length > 0 ? <Age at={Math.min(...looks)} now={now} /> : 'never'}.
      </span>
    </p>
  );
}
