import { refusalOfAddress } from './public-url.ts';
import type { LeafField } from './setting-field.ts';
import type { ItemKind, ItemProblem, SettingSection, WrittenItem } from './setting-section.ts';

const EVERY: LeafField = {
  key: 'every',
  kind: 'text',
  label: 'Every',
  note: 'How often it is asked: 1m to 24h; 15m if left out. After failures less and less often.',
  example: '15m',
};

const OCI: ItemKind = {
  id: 'oci',
  label: 'Registry',
  add: 'Add a registry',
  fields: [
    {
      key: 'oci',
      kind: 'text',
      isLong: true,
      label: 'Repository',
      note: 'A repository of a registry that answers anybody, without tag and digest.',
      example: 'oci://registry.example.com/models/base',
    },
    EVERY,
  ],
};

const GITHUB: ItemKind = {
  id: 'github',
  label: 'GitHub attestations',
  add: 'Add attestations of GitHub',
  fields: [
    {
      key: 'github',
      kind: 'text',
      label: 'Repository',
      note: 'Its artifact attestations are asked for by the digests that are known here: 60 requests an hour without a token.',
      example: 'models-example/northwind-base',
    },
    {
      key: 'api',
      kind: 'text',
      isLong: true,
      label: 'API',
      note: "GitHub's own if left out; https, on the public network.",
      example: 'https://api.github.com',
    },
    EVERY,
  ],
};

const INDEX: ItemKind = {
  id: 'rekor-index',
  label: 'Search index of a log',
  add: 'Add a search index',
  fields: [
    {
      key: 'rekor-index',
      kind: 'text',
      isLong: true,
      label: 'Log',
      note: 'A Rekor v1 log whose search index is asked for the roots that are known here. Its key comes from the trust root.',
      example: 'https://rekor.sigstore.dev',
    },
    EVERY,
  ],
};

const FILES: Readonly<Record<string, string>> = {
  directory: 'names a directory of the server',
  folder: 'names a folder of the server',
  'password-file': 'names a file of the server',
  'token-file': 'names a file of the server',
};

/**
 * Places on the public network, asked as anybody may ask them. Paths would let a browser read the server's disk, password
 * and token files would send its secrets to whoever is named beside them, and other addresses would have the server ask
 * machines that only it can reach ([0019](../../docs/decisions/0019-what-a-browser-may-set.md)).
 */
export const sourcesSection: SettingSection = {
  path: ['sources'],
  slug: 'sources',
  title: 'Sources',
  one: 'source',
  about: 'Where bundles and declarations are found, which say what was signed, and what it was made of.',
  fileOnly:
    'Directories, folders and layouts of this server, credentials, plain http and private addresses are for the file alone: a browser must not reach them.',
  kinds: [OCI, GITHUB, INDEX],
  kindOf: (item) => [OCI, GITHUB, INDEX].find(({ id }) => Object.hasOwn(item, id)) ?? null,
  refuse: (item) => [...refuseFiles(item), ...refuseCredentials(item), ...refuseAddresses(item)],
  redact: (item) => item,
};

const IN_FILE = 'Set this source in the file, where whoever runs the server says so';

function refuseFiles(item: WrittenItem): ItemProblem[] {
  const named = Object.entries(FILES)
    .filter(([key]) => Object.hasOwn(item, key))
    .map(([key, message]) => ({ path: [key], message: `${message}; only the file may`, mend: IN_FILE }));
  const { oci } = item;
  if (typeof oci !== 'string' || /^oci:\/\//.test(oci)) return named;
  const mend = 'Write oci://host/repository, or set a layout on the disk in the file';
  return [...named, { path: ['oci'], message: 'names a folder of the server; only the file may', mend }];
}

function refuseCredentials(item: WrittenItem): ItemProblem[] {
  if (!Object.hasOwn(item, 'username')) return [];
  return [
    { path: ['username'], message: 'needs a password in a file of the server; only the file may', mend: IN_FILE },
  ];
}

function refuseAddresses(item: WrittenItem): ItemProblem[] {
  const problems: ItemProblem[] = [];
  if (Object.hasOwn(item, 'allow-http')) {
    problems.push({ path: ['allow-http'], message: 'is for the file alone', mend: 'Leave it out, and use https' });
  }
  const places: readonly (readonly [string, unknown])[] = [
    ['api', item.api],
    ['rekor-index', item['rekor-index']],
    ['oci', typeof item.oci === 'string' && /^oci:\/\//.test(item.oci) ? `https${item.oci.slice(3)}` : undefined],
  ];
  for (const [key, address] of places) {
    const refusal = typeof address === 'string' ? refusalOfAddress(address) : null;
    if (refusal === null) continue;
    const mend = 'Name a server on the public network by https, or set this source in the file';
    problems.push({ path: [key], message: `${refusal}; only the file may`, mend });
  }
  return problems;
}
