import { namesOfParts, SHARED_PART_WORDS } from '#lib/provenance/shared-parts.ts';
import type { State } from '#lib/provenance/state.ts';
import type { ListedPublication } from '#lib/services/sharing/list.ts';
import { versionUrl } from '../_server/object-urls.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';
import { targetName } from './target-name.ts';

const PUBLIC: State = { tone: 'proven', word: 'Public', meaning: 'Anybody who has the address sees it.' };
const WITHDRAWN: State = { tone: 'unknown', word: 'Taken back', meaning: 'Its address says that it was taken back.' };

/** Everything that is or was public. */
export function PublicationsTable({ publications }: { publications: readonly ListedPublication[] }) {
  return (
    <ScrollArea label="Public pages, newest first">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Address</th>
            <th scope="col">State</th>
            <th scope="col">Shows</th>
            <th scope="col">Since</th>
          </tr>
        </thead>
        <tbody>
          {publications.map(({ slug, target, parts, publishedAt, withdrawnAt }) => (
            <tr key={slug}>
              <th scope="row" data-label="What">
                <AppLink
                  href={`${versionUrl(target.modelSlug, target.kind === 'version' ? target.targetId : null)}#sharing`}
                >
                  <Value value={targetName(target)} limit={60} isText />
                </AppLink>
              </th>
              <td data-label="Address">
                <a href={`/p/${slug}`} className="link mono">
                  /p/{slug}
                </a>
              </td>
              <td data-label="State">
                <StateMark state={withdrawnAt === null ? PUBLIC : WITHDRAWN} />
              </td>
              <td data-label="Shows">
                {namesOfParts(parts)
                  .map((part) => SHARED_PART_WORDS[part].word.toLowerCase())
                  .join(', ') || 'its state alone'}
              </td>
              <td data-label="Since">
                <Time at={withdrawnAt ?? publishedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
