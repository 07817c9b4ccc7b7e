import { namesOfParts, SHARED_PART_WORDS } from '#lib/provenance/shared-parts.ts';
import type { State } from '#lib/provenance/state.ts';
import type { ListedShareLink } from '#lib/services/sharing/list-share-links.ts';
import { versionUrl } from '../_server/object-urls.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';
import { targetName } from './target-name.ts';

const STATES = {
  active: { tone: 'proven', word: 'In use', meaning: 'Whoever has the address sees the page.' },
  expired: { tone: 'unknown', word: 'Run out', meaning: 'Its time is over; it opens nothing.' },
  revoked: { tone: 'broken', word: 'Revoked', meaning: 'It was taken out of use; it opens nothing.' },
} as const satisfies Record<string, State>;

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
                <StateMark state={STATES[stateOf(link, now)]} />
                {canAct && stateOf(link, now) === 'active' ? <Revoke id={link.id} back={back} /> : null}
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

function Revoke({ id, back }: { id: string; back: string }) {
  return (
    <details className="mt-1">
      <summary className="link min-h-6">
        Revoke<span className="sr-only"> {id.slice(0, 12)}</span>
      </summary>
      <form action="/sharing/revoke" method="post" className="mt-1 flex max-w-72 flex-col gap-2">
        <p>It opens nothing from now on. This cannot be undone.</p>
        <input type="hidden" name="id" value={id} />
        <input type="hidden" name="back" value={back} />
        <button type="submit" className="button self-start">
          Take it out of use
        </button>
      </form>
    </details>
  );
}

function stateOf({ revokedAt, expiresAt }: ListedShareLink, now: number): keyof typeof STATES {
  if (revokedAt !== null) return 'revoked';
  return expiresAt <= now ? 'expired' : 'active';
}
