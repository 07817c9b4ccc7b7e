import { createLoader, createSerializer, parseAsString, type SearchParams } from 'nuqs/server';
import { listModels } from '#lib/services/model/list.ts';
import { listVerifications } from '#lib/services/verification/list.ts';
import { formatPlace, parsePlace } from '../../_server/address.ts';
import { databasePage } from '../../_server/page.tsx';
import { Pager } from '../../_ui/pager.tsx';
import { Empty, PageHeader, Panel } from '../../_ui/panel.tsx';
import { PasteForm } from '../../_verify/paste-form.tsx';
import { ReceiptsTable } from '../../_verify/receipts-table.tsx';
import { VerifyFiles } from '../../_verify/verify-files.tsx';

const RECEIPTS = 20;
/** Names to choose from; any other can be typed. */
const MODELS = 200;

const parsers = { before: parseAsString };
const loadQuery = createLoader(parsers);
const serialize = createSerializer(parsers);

export const metadata = { title: 'Verify' };

interface Props {
  readonly searchParams: Promise<SearchParams>;
}

export default databasePage<Props>(async (database, { searchParams }) => {
  const before = parsePlace((await loadQuery(searchParams)).before);
  const [{ models }, { verifications, next }] = await Promise.all([
    listModels(database, { limit: MODELS }),
    listVerifications(database, {
      limit: RECEIPTS,
      ...(before ? { olderThan: before } : {}),
    }),
  ]);
  const names = models.map(({ name }) => name);
  return (
    <>
      <PageHeader title="Verify files">
        Are these the files that somebody signed? Their hashes are held against every version known here. The answer
        says who signed and what was changed; it does not say that a model is harmless.
      </PageHeader>
      <div className="flex flex-col gap-8">
        <VerifyFiles models={names} />
        <Panel
          title="A list of hashes instead"
          id="list"
          note="For files that lie elsewhere, or were hashed already. Works without JavaScript."
        >
          <PasteForm models={names} />
        </Panel>
        <Panel title="Receipts" id="receipts" flush>
          {verifications.length > 0 ? (
            <ReceiptsTable receipts={verifications} />
          ) : (
            <Empty title="Nothing was verified yet">Each check leaves a receipt with an address of its own.</Empty>
          )}
        </Panel>
        <Pager
          newer={before ? serialize('/verify', { before: null }) : null}
          older={next && serialize('/verify', { before: formatPlace(next) })}
        />
      </div>
    </>
  );
});
