import type { InputChange, VersionInput } from '#lib/provenance/input-diff.ts';
import { LINK } from '#lib/provenance/state.ts';
import { ROLE_LABELS } from '../_chain/words.ts';
import { artifactUrl } from '../_server/object-urls.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Value } from '../_ui/value.tsx';
import { ChangeMark } from './change-mark.tsx';

/** Inputs of two versions by role, what changed first. */
export function InputChanges({ changes }: { changes: readonly InputChange[] }) {
  return (
    <ScrollArea label="Inputs of the two versions" className="max-h-[36rem]">
      <table className="table table-stack">
        <thead className="md:sticky md:top-0 md:z-1">
          <tr>
            <th scope="col">Role</th>
            <th scope="col">Change</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ role, kind, before, after }) => (
            <tr key={`${role} ${before?.artifactId} ${after?.artifactId}`}>
              <th scope="row" data-label="Role">
                {ROLE_LABELS[role]}
              </th>
              <td data-label="Change">
                <ChangeMark kind={kind} />
              </td>
              <td data-label="From">
                <Input input={before} />
              </td>
              <td data-label="To">
                <Input input={after} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function Input({ input }: { input: VersionInput | null }) {
  if (!input) return <span className="text-muted">not an input</span>;
  return (
    <span className="flex flex-col">
      <AppLink href={artifactUrl(input)}>
        <Value value={input.name ?? input.value} limit={56} />
      </AppLink>
      <Value value={`${input.scheme}:${input.value}`} limit={32} className="text-muted" />
      <StateMark state={LINK[input.state]} />
    </span>
  );
}
