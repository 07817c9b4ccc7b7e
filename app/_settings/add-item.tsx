import type { SettingSection } from '#lib/config/setting-section.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { CodeBlock } from '../_ui/code-block.tsx';

interface Props {
  readonly section: SettingSection;
  readonly canChange: boolean;
  /** Whether there is a configuration to add to. */
  readonly isReady: boolean;
}

/** Leads to the forms for new items, or says why there are none. */
export function AddItem({ section, canChange, isReady }: Props) {
  if (!canChange) {
    return (
      <div className="flex flex-col gap-2">
        <p className="max-w-[80ch]">
          Only an administrator changes this here. On the server’s machine, the command line does:
        </p>
        <CodeBlock label="command" text={`modeltrail settings set ${section.path.at(-1)} NAME --file item.yaml`} />
      </div>
    );
  }
  if (!isReady) {
    return (
      <p className="panel p-4">
        Nothing can be added yet: no configuration has been in force. Start the jobs (npm start does), and open this
        page again.
      </p>
    );
  }
  return (
    <ul className="flex flex-wrap gap-2" aria-label="Add">
      {section.kinds.map(({ id, add }) => (
        <li key={id}>
          <AppLink href={`/settings/${section.slug}/edit?kind=${id}`} className="button button-accent">
            {add}
          </AppLink>
        </li>
      ))}
    </ul>
  );
}
