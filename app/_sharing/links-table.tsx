import { namesOfParts, SHARED_PART_WORDS } from '#lib/provenance/shared-parts.ts';
import type { ListedShareLink } from '#lib/services/sharing/list-share-links.ts';
import { versionUrl } from '../_server/object-urls.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { RevocableState } from '../_ui/revocable.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';
import { targetName } from './target-name.ts';

const MEANINGS = {
  active: 'Whoever has the address sees the page.',
  expired: 'Its time is over; it opens nothing.',
  revoked: 'It was taken out of use; it opens nothing.',
};

interface Props {
  readonly links: readonly ListedShareLink[];
  readonly now: number;
  readonly back: string;
  readonly canAct: boolean;
}

/** Unlisted links. Their addresses are not stored: nothing here opens a page. */
export function LinksTable({ links, now, back, canAct }: Props) {
  return (
    <ScrollArea label="Unlisted links, newest first">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">For</th>
            <th scope="col">Shows</th>
            <th scope="col">State</th>
            <th scope="col">Runs out</th>
            <th scope="col">Last opened</th>
          </tr>
        </thead>
        <tbody>
          {links.map((link) => (
            <tr key={link.id}>
              <th scope="row" data-label="For">
                <span className="lines">
                  {link.note === '' ? (
                    <span className="text-muted">nobody in particular</span>
                  ) : (
                    <Value value={link.note} limit={80} isText />
                  )}
                  <span className="mono text-muted">{link.id.slice(0, 12)}…</span>
                </span>
              </th>
              <td data-label="Shows">
                <span className="lines">
                  <AppLink
                    href={versionUrl(
                      link.target.modelSlug,
                      link.target.kind === 'version' ? link.target.targetId : null,
                    )}
                  >
                    <Value value={targetName(link.target)} limit={60} isText />
                  </AppLink>
                  <span className="text-muted">
                    {namesOfParts(link.parts)
                      .map((part) => SHARED_PART_WORDS[part].word.toLowerCase())
                      .join(', ') || 'its state alone'}
                  </span>
                </span>
              </td>
              <td data-label="State">
                <RevocableState
                  thing={link}
                  now={now}
                  meanings={MEANINGS}
                  revoke={canAct ? revokeForm(link.id, back) : null}
                />
              </td>
              <td data-label="Runs out">
                <Time at={link.expiresAt} />
              </td>
              <td data-label="Opened">{link.lastUsedAt === null ? 'never' : <Time at={link.lastUsedAt} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function revokeForm(id: string, back: string) {
  const consequence = 'It opens nothing from now on.';
  return { action: '/sharing/revoke', fields: { id, back }, name: id.slice(0, 12), consequence };
}
