import { formatAge, formatCount, formatIso, formatPlural, formatUtc } from '#lib/provenance/format.ts';
import { MODEL } from '#lib/provenance/model-state.ts';
import { LINK, NO_INPUTS } from '#lib/provenance/state.ts';
import type { UseNotice } from '#lib/provenance/use-notice.ts';
import type { ModelSummary } from '#lib/services/model/summarise.ts';
import { SignerLink } from '../_identities/signer-link.tsx';
import { NoticeMarks } from '../_incidents/notices.tsx';
import { AppLink } from '../_ui/app-link.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Value } from '../_ui/value.tsx';

/** Models one a row, with the state of their newest version. */
export function ModelsTable({
  models,
  notices,
  now,
}: {
  models: readonly ModelSummary[];
  /** By newest version, what stands against using it. */
  notices: ReadonlyMap<string, readonly UseNotice[]>;
  now: number;
}) {
  return (
    <ScrollArea label="Models, the last signed first">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">Newest version</th>
            <th scope="col">Weakest link</th>
            <th scope="col">Last signed by</th>
            <th scope="col">Last signing</th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <Row key={model.id} model={model} notices={notices.get(model.newest?.id ?? '')} now={now} />
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

interface RowProps {
  readonly model: ModelSummary;
  readonly notices: readonly UseNotice[] | undefined;
  readonly now: number;
}

function Row({ model, notices, now }: RowProps) {
  const { name, slug, versions, newest, lastSigning, state, openFindings, signers } = model;
  return (
    <tr>
      <th scope="row" data-label="Model">
        <span className="flex flex-col">
          <AppLink href={`/models/${slug}`} className="link font-medium">
            <Value value={name} limit={48} />
          </AppLink>
          <span className="text-muted">
            {newest?.label == null ? null : (
              <>
                <Value value={newest.label} limit={20} isText />{' '}
              </>
            )}
            {newest ? <Value value={newest.root} limit={16} isShort /> : null} · {formatPlural(versions, 'version')}
          </span>
        </span>
      </th>
      <td data-label="State">
        <span className="flex flex-col">
          <StateMark state={MODEL[state]} />
          <NoticeMarks notices={notices} />
          {openFindings === 0 ? null : (
            <AppLink href={`/models/${slug}#findings`} className="link w-fit text-broken!">
              {formatPlural(openFindings, 'open finding')}
            </AppLink>
          )}
        </span>
      </td>
      <td data-label="Weakest">
        <StateMark state={newest?.weakest ? LINK[newest.weakest] : NO_INPUTS} />
      </td>
      <td data-label="Signed by">
        {lastSigning ? (
          <span className="flex flex-col">
            <SignerLink san={lastSigning.san} issuer={lastSigning.issuer} limit={80} />
            {lastSigning.signerChanged ? <span className="text-claimed">differs from the signer before</span> : null}
            {signers.length > 1 ? (
              <span className="text-muted">one of {formatCount(signers.length)} signers</span>
            ) : null}
          </span>
        ) : (
          <span className="text-muted">nobody</span>
        )}
      </td>
      <td data-label="Last signing">
        {lastSigning ? (
          <span className="flex flex-col">
            <time dateTime={formatIso(lastSigning.at)} className="whitespace-nowrap">
              {formatUtc(lastSigning.at)}
            </time>
            <span className="text-muted">{formatAge(lastSigning.at, now)}</span>
          </span>
        ) : (
          <span className="text-muted">never</span>
        )}
      </td>
    </tr>
  );
}
