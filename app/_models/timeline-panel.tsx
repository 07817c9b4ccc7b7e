import type { OpenDatabase } from '#db/client.ts';
import { formatCount, formatPlural } from '#lib/provenance/format.ts';
import { layOutTimeline } from '#lib/provenance/timeline.ts';
import type { ModelDetail } from '#lib/services/model/get.ts';
import { listUnclaimedOf } from '#lib/services/model/list-unclaimed.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { MoreRows } from '../_ui/more-rows.tsx';
import { Panel } from '../_ui/panel.tsx';
import { drawTimeline } from './drawn-timeline.ts';
import { collectSignings, signersOf } from './signings.ts';
import { SigningsTable } from './signings-table.tsx';
import { TimelineChart } from './timeline-chart.tsx';

const LANES = 12;

/** Rows until somebody asks for all of them. */
const ROWS = 40;

interface Props {
  readonly database: OpenDatabase;
  readonly detail: ModelDetail;
  /** Where every signing has a row; null where this is the place. */
  readonly allUrl: string | null;
}

/** Who signed what and when, as a picture and as a table. */
export async function TimelinePanel({ database, detail, allUrl }: Props) {
  const since = Math.min(Date.now(), ...detail.versions.map(({ at }) => at));
  const unclaimed = await listUnclaimedOf(database, { signers: signersOf(detail).slice(0, LANES), since });
  const { signings, older } = collectSignings(detail, unclaimed);
  const timeline = layOutTimeline(signings, Date.now());
  const rows = allUrl === null ? signings : signings.slice(0, ROWS);
  const listed = new Set(rows.map(({ id }) => id));
  const hrefOf = ({ id }: { id: string }) => `${listed.has(id) ? '' : (allUrl ?? '')}#signing-${id}`;
  const signers = timeline.lanes.filter(({ isUnsigned }) => !isUnsigned).length;
  const versions = formatPlural(detail.versions.length + detail.olderVersions, 'version');
  return (
    <>
      <Panel title="Timeline" id="timeline" aside={`${formatPlural(signers, 'signer')}, ${versions}`}>
        <TimelineChart timeline={drawTimeline(timeline, LANES, hrefOf)} />
        {timeline.lanes.length > LANES ? (
          <p className="mt-2 text-muted">
            The first {LANES} of {timeline.lanes.length} signers are drawn; the table has them all.
          </p>
        ) : null}
        {older > 0 ? (
          <p className="mt-2 text-muted">
            The newest {formatCount(signings.length)} signings are drawn and listed; {formatCount(older)} older ones are
            in <AppLink href="/events">Events</AppLink>.
          </p>
        ) : null}
      </Panel>
      <Panel
        title="The timeline as a table"
        id="signings"
        flush
        aside={formatPlural(signings.length + older, 'signing')}
      >
        <SigningsTable signings={rows} />
        {allUrl === null ? null : (
          <MoreRows shown={rows.length} total={signings.length} what="signings" href={`${allUrl}#signings`} />
        )}
      </Panel>
    </>
  );
}
