import { Fragment } from 'react';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { describeType, type Schema } from './openapi.ts';

/** How deep objects without a name of their own are shown in each other. */
const MAX_DEPTH = 4;

/** The type of a value, with links to the schemas it names. */
export function Type({ schema }: { schema: Schema | undefined }) {
  return (
    <span className="mono wrap-anywhere">
      {describeType(schema).map((part, i) => {
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one type never change places
        if (typeof part === 'string') return <Fragment key={i}>{part}</Fragment>;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <a key={i} href={`#schema-${part.schema}`} className="link">
            {part.schema}
          </a>
        );
      })}
    </span>
  );
}

/** The fields of an object, those of objects within it behind a dot. */
export function SchemaTable({ schema, label }: { schema: Schema; label: string }) {
  const rows = rowsOf(schema, '', 0);
  if (rows.length === 0) {
    return (
      <p className="px-4 py-2">
        <Type schema={schema} />
        {schema.description === undefined ? null : <span className="text-muted"> {schema.description}</span>}
      </p>
    );
  }
  return (
    <ScrollArea label={label}>
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Type</th>
            <th scope="col">Meaning</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ path, schema: field, isRequired }) => (
            <tr key={path}>
              <th scope="row" data-label="Field">
                <span className="mono wrap-anywhere">{path}</span>
                {isRequired ? null : <span className="text-muted"> optional</span>}
              </th>
              <td data-label="Type">
                <Type schema={field} />
              </td>
              <td data-label="Meaning">{field.description ?? ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

interface Row {
  readonly path: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
}

function rowsOf(schema: Schema, prefix: string, depth: number): Row[] {
  if (depth > MAX_DEPTH) return [];
  const merged = [schema, ...(schema.allOf ?? [])];
  return merged.flatMap(({ properties = {}, required = [] }) =>
    Object.entries(properties).flatMap(([name, field]) => {
      const path = prefix === '' ? name : `${prefix}.${name}`;
      const [inner, suffix] = field.items ? [field.items, '[]'] : [field, ''];
      const row = { path, schema: field, isRequired: required.includes(name) };
      return [row, ...rowsOf(inner, `${path}${suffix}`, depth + 1)];
    }),
  );
}
