import { formatPlural } from '#lib/provenance/format.ts';
import type { VersionDeclaration } from '#lib/services/model/get-version.ts';
import { Panel } from '../_ui/panel.tsx';
import { Value } from '../_ui/value.tsx';

const REMARKS = 5;

/** Unsigned files beside a model: what they say is a claim, and what could not be read of them is said. */
export function DeclarationsPanel({ declarations }: { declarations: readonly VersionDeclaration[] }) {
  if (declarations.length === 0) return null;
  return (
    <Panel
      title="Unsigned files that say where it comes from"
      id="declarations"
      flush
      aside={formatPlural(declarations.length, 'file')}
    >
      <ul className="divide-y divide-line">
        {declarations.map(({ source, path, kind, inputs, remarks }) => (
          <li key={`${source} ${path}`} className="px-4 py-2">
            <p className="flex flex-wrap gap-x-3">
              <Value value={path} limit={90} />
              <span className="text-muted">
                <Value value={kind} limit={30} isText /> of <Value value={source} limit={40} isText />, names{' '}
                {formatPlural(inputs, 'input')}
              </span>
            </p>
            {remarks.slice(0, REMARKS).map((remark) => (
              <p key={remark} className="text-muted">
                Passed over: <Value value={remark} limit={200} isText />
              </p>
            ))}
            {remarks.length > REMARKS ? (
              <p className="text-muted">
                and {formatPlural(remarks.length - REMARKS, 'more thing', 'more things')} passed over
              </p>
            ) : null}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
