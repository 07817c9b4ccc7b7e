import { type Reference, readReference, tagAnchor } from '../../_reference/openapi.ts';
import { OperationDetails } from '../../_reference/operation-details.tsx';
import { ProblemsTable } from '../../_reference/problems-table.tsx';
import { SchemaTable } from '../../_reference/schema-table.tsx';
import { readApiDocument } from '../../_server/api.ts';
import { signedInPage } from '../../_server/page.tsx';
import { AppLink } from '../../_ui/app-link.tsx';
import { PageHeader, Panel } from '../../_ui/panel.tsx';

export const metadata = { title: 'API reference' };

/** The reference of the HTTP API, from the very document that the API gives out. */
export default signedInPage<object>(async () => {
  const reference = readReference(readApiDocument());
  const { info, groups, schemas } = reference;
  return (
    <>
      <PageHeader title="API reference">
        Version {info.version}. {info.description.replaceAll('`', '')} The same as a document for programs:{' '}
        <a href="/api/v1/openapi.json" className="link">
          openapi.json
        </a>
        . Tokens are made under <AppLink href="/settings/tokens">Tokens</AppLink>, or with{' '}
        <span className="mono">modeltrail token create</span>.
      </PageHeader>
      <div className="flex flex-col gap-8">
        <Contents reference={reference} />
        {groups.map(({ tag, operations }) => (
          <section key={tag} id={tagAnchor(tag)} aria-labelledby={`${tagAnchor(tag)}-title`} className="min-w-0">
            <h2 id={`${tagAnchor(tag)}-title`} className="mb-2 text-[0.9375rem] font-semibold">
              {tag}
            </h2>
            <div className="flex flex-col gap-4">
              {operations.map((operation) => (
                <OperationDetails key={operation.anchor} operation={operation} />
              ))}
            </div>
          </section>
        ))}
        <Panel
          title="Problems"
          id="problems"
          flush
          note="Errors are problem documents (RFC 9457). The type of each leads to its row here; its code may be more exact than the row."
        >
          <ProblemsTable />
        </Panel>
        <Panel title="Schemas" id="schemas" flush>
          <ul className="divide-y divide-line">
            {schemas.map(([name, schema]) => (
              <li key={name} id={`schema-${name}`}>
                <details>
                  <summary className="px-4 py-2">
                    <span className="mono font-medium">{name}</span>{' '}
                    <span className="text-muted">{schema.description ?? ''}</span>
                  </summary>
                  <SchemaTable schema={schema} label={`Fields of ${name}`} />
                </details>
              </li>
            ))}
          </ul>
        </Panel>
      </div>
    </>
  );
});

/** All requests at a glance: the browser's own search finds them here. */
function Contents({ reference: { groups } }: { reference: Reference }) {
  return (
    <nav aria-label="Requests" className="grid gap-x-6 gap-y-4 sm:grid-cols-2 xl:grid-cols-3">
      {groups.map(({ tag, operations }) => (
        <div key={tag} className="min-w-0">
          <a href={`#${tagAnchor(tag)}`} className="link font-medium">
            {tag}
          </a>
          <ul>
            {operations.map(({ method, path, anchor, summary }) => (
              <li key={anchor} className="py-0.5">
                <a href={`#${anchor}`} className="link mono inline-block min-h-6 wrap-anywhere" title={summary}>
                  {method} {path.replace('/api/v1', '')}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
