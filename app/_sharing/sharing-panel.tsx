import { headers } from 'next/headers';
import type { OpenDatabase } from '#db/client.ts';
import { USUAL_PARTS } from '#lib/provenance/shared-parts.ts';
import { mayActAs } from '#lib/services/access/role.ts';
import { publicAddress } from '#lib/services/config/public-address.ts';
import { getPublication } from '#lib/services/sharing/list.ts';
import { listShareLinks } from '#lib/services/sharing/list-share-links.ts';
import { requireTarget } from '#lib/services/sharing/target.ts';
import { whoAsks } from '../_server/asker.ts';
import { versionUrl } from '../_server/object-urls.ts';
import { Panel } from '../_ui/panel.tsx';
import { LinksTable } from './links-table.tsx';
import { LinkFields, PublishFields, type Shareable } from './new-forms.tsx';
import { Fold, PublicThing } from './public-thing.tsx';

interface Props {
  readonly database: OpenDatabase;
  readonly model: { readonly id: string; readonly slug: string };
  readonly version: { readonly id: string };
}

/** What outsiders see of a model and of one of its versions, and the forms that make them see it. */
export async function SharingPanel({ database, model, version }: Props) {
  const targets = [
    { kind: 'model', targetId: model.id },
    { kind: 'version', targetId: version.id },
  ] as const;
  const asker = await whoAsks(await headers());
  const canAct = asker !== null && mayActAs(asker.role, 'investigator');
  const publications = await Promise.all(targets.map((target) => getPublication(database, target)));
  const links = (await Promise.all(targets.map((target) => listShareLinks(database, target)))).flat();
  const shareable = targets.map((target): Shareable => requireTarget(database.db, target));
  const open = shareable.filter((_, i) => publications[i]?.withdrawnAt !== null);
  const back = versionUrl(model.slug, version.id);
  const active = publications.flatMap((publication) => (publication?.withdrawnAt === null ? [publication] : []));
  return (
    <Panel
      title="Sharing"
      id="sharing"
      note="A public page tells anybody, without sign-in, what is known of these files. An unlisted link tells whoever has it, for a time."
    >
      <div className="flex flex-col gap-4">
        {active.length === 0 ? <p>Nothing of this is public.</p> : null}
        {active.map((publication) => (
          <PublicThing
            key={publication.slug}
            publication={publication}
            address={publicAddress(database)}
            back={back}
            canAct={canAct}
          />
        ))}
        {canAct ? (
          <div className="flex flex-wrap gap-x-6 gap-y-2">
            {open.length === 0 ? null : (
              <Fold title="Publish a page">
                <PublishFields shareable={open} parts={USUAL_PARTS} back={back} />
              </Fold>
            )}
            <Fold title="Make an unlisted link">
              <LinkFields shareable={shareable} parts={USUAL_PARTS} />
            </Fold>
          </div>
        ) : (
          <p className="text-muted">Somebody who is signed in as investigator can publish it.</p>
        )}
        {links.length === 0 ? null : (
          <div className="overflow-hidden rounded border border-line">
            <LinksTable links={links} now={Date.now()} back={back} canAct={canAct} />
          </div>
        )}
      </div>
    </Panel>
  );
}
