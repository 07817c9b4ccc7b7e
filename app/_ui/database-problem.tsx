import { PageHeader } from './panel.tsx';
import { StateGlyph } from './state-mark.tsx';

/** Stands in for a page while there is no database to read. */
export function DatabaseProblemNotice({ path, problem }: { path: string; problem: string }) {
  return (
    <>
      <PageHeader title="The database cannot be read" />
      <div className="panel max-w-[80ch] p-4">
        <p className="flex gap-2">
          <span className="mt-0.5">
            <StateGlyph tone="broken" />
          </span>
          <span className="min-w-0 wrap-anywhere">{problem}</span>
        </p>
        <p className="mt-3 text-muted">
          File: <span className="mono wrap-anywhere">{path}</span>. Another one is named by the environment variable{' '}
          <span className="mono">MODELTRAIL_DATABASE</span>.
        </p>
      </div>
    </>
  );
}
