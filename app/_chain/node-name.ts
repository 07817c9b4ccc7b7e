import type { ChainNode } from '#lib/provenance/chain.ts';
import { artifactUrl, versionUrl } from '../_server/object-urls.ts';

/** What to call a thing: as its model is called, as it is called itself, else its digest or address. */
export function nodeName({ model, name, scheme, value }: ChainNode): string {
  return model?.name ?? name ?? (scheme === 'name' || scheme === 'hf' ? value : `${scheme}:${value.slice(0, 16)}…`);
}

/** Where a thing is shown: as a version of its model, else by its own name. */
export function nodeUrl({ model, scheme, value }: ChainNode): string {
  return model ? versionUrl(model.slug, model.versionId) : artifactUrl({ scheme, value });
}
