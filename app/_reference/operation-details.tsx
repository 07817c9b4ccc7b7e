import { CodeBlock } from '../_ui/code-block.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { curlExample } from './curl-example.ts';
import type { Operation, Parameter, Schema } from './openapi.ts';
import { SchemaTable, Type } from './schema-table.tsx';

/** One request: what it does, takes, and answers. */
export function OperationDetails({ operation }: { operation: Operation }) {
  const { method, path, anchor, summary, description, scope, parameters, requestBody } = operation;
  return (
    <section id={anchor} aria-labelledby={`${anchor}-title`} className="panel flex min-w-0 flex-col gap-3 p-4">
      <div>
        <h3 id={`${anchor}-title`} className="font-semibold">
          <a href={`#${anchor}`} className="mono link wrap-anywhere">
            {method} {path}
          </a>
        </h3>
        <p className="mt-1 font-medium">{summary}</p>
        {description === undefined ? null : <p className="mt-1 max-w-[80ch]">{description}</p>}
        <p className="mt-1 text-muted">
          Needs a token with the scope <span className="mono">{scope}</span>.
        </p>
      </div>
      {parameters.length > 0 ? <Parameters parameters={parameters} label={`Parameters of ${method} ${path}`} /> : null}
      {requestBody ? (
        <div>
          <h4 className="mb-1 font-medium">Body</h4>
          {requestBody.description === undefined ? null : <p className="mb-1">{requestBody.description}</p>}
          <ul className="flex flex-col gap-1">
            {Object.entries(requestBody.content).map(([type, { schema }]) => (
              <li key={type}>
                <span className="mono">{type}</span> <span className="text-muted">as</span> <Type schema={schema} />
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      <Responses operation={operation} />
      <CodeBlock text={curlExample(operation)} label={`request ${method} ${path}`} />
    </section>
  );
}

function Parameters({ parameters, label }: { parameters: readonly Parameter[]; label: string }) {
  return (
    <div>
      <h4 className="mb-1 font-medium">Parameters</h4>
      <ScrollArea label={label}>
        <table className="table table-stack">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Type</th>
              <th scope="col">Meaning</th>
            </tr>
          </thead>
          <tbody>
            {parameters.map((parameter) => (
              <tr key={`${parameter.in} ${parameter.name}`}>
                <th scope="row" data-label="Name">
                  <span className="mono">{parameter.name}</span>{' '}
                  <span className="text-muted">
                    {parameter.in}
                    {parameter.required ? '' : ', optional'}
                  </span>
                </th>
                <td data-label="Type">
                  <Type schema={parameter.schema} />
                </td>
                <td data-label="Meaning">
                  {parameter.description ?? parameter.schema?.description ?? ''} {describeBounds(parameter.schema)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
    </div>
  );
}

function Responses({ operation: { method, path, responses } }: { operation: Operation }) {
  return (
    <div>
      <h4 className="mb-1 font-medium">Answers</h4>
      <ul className="divide-y divide-line rounded border border-line">
        {Object.entries(responses).map(([status, { description, content = {} }]) => {
          const [type, body] = Object.entries(content)[0] ?? [];
          return (
            <li key={status} className="px-3 py-1.5">
              <span className="mono font-medium">{status}</span> {description}{' '}
              {type === undefined ? null : <span className="mono text-muted">{type}</span>}{' '}
              <Body schema={body?.schema} label={`${status} of ${method} ${path}`} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** Schemas with names stand at the end of the page. */
function Body({ schema, label }: { schema: Schema | undefined; label: string }) {
  if (!schema) return null;
  if (!schema.properties) return <Type schema={schema} />;
  return (
    <details className="mt-1">
      <summary className="link">
        Fields<span className="sr-only"> of {label}</span>
      </summary>
      <SchemaTable schema={schema} label={`Fields of ${label}`} />
    </details>
  );
}

function describeBounds(schema: Schema | undefined): string {
  const { minimum, maximum, default: fallback } = schema ?? {};
  const parts = [
    minimum !== undefined && maximum !== undefined ? `${minimum} to ${maximum}` : null,
    fallback === undefined ? null : `${JSON.stringify(fallback)} where not said`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? '' : `${parts.join('; ')}.`;
}
