import type { ArtifactDetails } from '#lib/services/graph/get-artifact.ts';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';

type Alias = ArtifactDetails['aliases'][number];

const KINDS: Readonly<Record<Alias['kind'], string>> = {
  'oms-root': 'root of the signed list of files',
  'other-order-root': 'the same root with the files in the other order',
  'manifest-id': 'digest over its sorted list of files',
  file: 'its only file',
  'oci-manifest': 'manifest of its image',
  repository: 'repository at a commit',
  commit: 'commit',
  stated: 'digest that a statement gives it',
  name: 'name or address, without a digest',
};

/** Every name of one thing, with what each is of it. */
export function AliasesTable({ aliases }: { aliases: readonly Alias[] }) {
  return (
    <ScrollArea label="Table of its names" className="max-h-[24rem]">
      <table className="table table-stack">
        <thead className="md:sticky md:top-0 md:z-1">
          <tr>
            <th scope="col">Name</th>
            <th scope="col">What it is</th>
            <th scope="col">Known since</th>
          </tr>
        </thead>
        <tbody>
          {aliases.map(({ scheme, value, kind, firstSeenAt }) => (
            <tr key={`${scheme} ${value}`}>
              <th scope="row" data-label="Name">
                <span className="inline-flex max-w-full items-start">
                  <span className="mono text-muted">{scheme}:</span>
                  <Value value={value} limit={72} copy="name" />
                </span>
              </th>
              <td data-label="What it is">{KINDS[kind]}</td>
              <td data-label="Since">
                <Time at={firstSeenAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
