import { describeItem } from '#lib/config/describe-item.ts';
import type { SettingSection, WrittenItem } from '#lib/config/setting-section.ts';
import { Value } from '../_ui/value.tsx';

/** Values of one field that are shown before the rest is counted. */
const MAX_VALUES = 3;

/** What an item says, one field a line. */
export function ItemFacts({ section, value }: { section: SettingSection; value: WrittenItem | null }) {
  if (value === null) return <span className="text-muted">what is stored cannot be read</span>;
  return (
    <ul className="flex flex-col gap-0.5">
      {describeItem(section, value).map(({ label, values }) => (
        <li key={label} className="flex flex-wrap gap-x-1.5">
          <span className="text-muted">{label}</span>
          <span className="flex min-w-0 flex-col">
            {values.slice(0, MAX_VALUES).map((text) => (
              <Value key={text} value={text} limit={72} />
            ))}
            {values.length > MAX_VALUES ? (
              <span className="text-muted">and {values.length - MAX_VALUES} more</span>
            ) : null}
          </span>
        </li>
      ))}
    </ul>
  );
}
