import { formatCount, formatIso, formatUtc } from '#lib/provenance/format.ts';
import { LOGGED } from '#lib/provenance/state.ts';
import type { ModelSummary } from '#lib/services/model/list.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Signer, Value } from '../_ui/value.tsx';

/** Models one a row, with the state of what was signed last. */
export function ModelsTable({ models }: { models: readonly ModelSummary[] }) {
  return (
    <ScrollArea label="Models, the last signed first">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">State</th>
            <th scope="col">Last signed by</th>
            <th scope="col" className="numeric">
              Signers
            </th>
            <th scope="col" className="numeric">
              Versions
            </th>
            <th scope="col">Last signing</th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <Row key={model.id} model={model} />
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function Row({ model: { name, slug, versions, lastSigning, signers } }: { model: ModelSummary }) {
  return (
    <tr>
      <th scope="row" data-label="Model">
        <span className="flex flex-col">
          <AppLink href={`/models/${slug}`} className="link font-medium">
            <Value value={name} limit={48} />
          </AppLink>
          <span className="text-muted">
            <Value value={lastSigning.root} limit={20} isShort />
          </span>
        </span>
      </th>
      <td data-label="State">
        <span className="flex flex-col">
          <StateMark state={LOGGED[lastSigning.logged]} />
          {lastSigning.signerChanged ? <span className="text-claimed">signer differs from the one before</span> : null}
        </span>
      </td>
      <td data-label="Signed by">
        <Signer san={lastSigning.san} issuer={lastSigning.issuer} />
      </td>
      <td data-label="Signers" className="numeric">
        {formatCount(signers.length)}
      </td>
      <td data-label="Versions" className="numeric">
        {formatCount(versions)}
      </td>
      <td data-label="Last signing">
        <time dateTime={formatIso(lastSigning.at)} className="whitespace-nowrap">
          {formatUtc(lastSigning.at)}
        </time>
      </td>
    </tr>
  );
}
