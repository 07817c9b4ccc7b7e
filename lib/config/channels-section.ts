import { refusalOfHost } from './public-url.ts';
import type { ItemKind, ItemProblem, SettingSection, WrittenItem } from './setting-section.ts';

const EMAIL: ItemKind = {
  id: 'email',
  label: 'E-mail',
  add: 'Add a way out by e-mail',
  fixed: { kind: 'email' },
  fields: [
    {
      key: 'from',
      kind: 'text',
      label: 'From',
      note: 'Whom the messages come from.',
      example: 'modeltrail@models.example',
    },
    { key: 'to', kind: 'lines', isList: true, label: 'To', note: 'Who gets them, one address a line.' },
    {
      key: 'host',
      kind: 'text',
      label: 'Server',
      note: 'The SMTP server that takes them: on the public network, without a login.',
      example: 'smtp.models.example',
    },
    { key: 'port', kind: 'number', label: 'Port', note: '587, that of submission, if left out.' },
    {
      key: 'security',
      kind: 'choice',
      label: 'Security',
      note: 'STARTTLS is required of the server; TLS is spoken from the first byte, on port 465.',
      options: [
        { value: '', label: 'STARTTLS' },
        { value: 'tls', label: 'TLS' },
      ],
    },
  ],
};

const IN_FILE = 'Set this channel in the file, where whoever runs the server says so';

/** Keys that name files, secrets or places inside, and why each is for the file alone. */
const KEPT: Readonly<Record<string, string>> = {
  user: 'needs a password in a file or a variable of the server',
  password: 'names a file or a variable of the server',
  address: 'names a file or a variable of the server',
  secrets: 'name files or variables of the server',
  command: 'names a program of the server',
  'ca-file': 'names a file of the server',
  'allow-private': 'opens the network of the server',
  'allow-http': 'lets anybody on the way read',
};

/** Only what needs no secret and starts nothing: chats and webhooks are told from their secrets, hooks are programs. */
export const channelsSection: SettingSection = {
  path: ['alerts', 'channels'],
  slug: 'channels',
  title: 'Alert channels',
  one: 'channel',
  about: 'Ways out for alerts: whom Modeltrail tells, and how.',
  fileOnly:
    'Chats, webhooks, logins, programs and servers that are not on the public network are for the file alone: their secrets stand in files and variables of this server.',
  kinds: [EMAIL],
  kindOf: (item) => (item.kind === 'email' ? EMAIL : null),
  refuse: (item) => [...refuseKind(item), ...refuseKept(item), ...refuseServer(item)],
  redact: (item) => item,
};

function refuseKind({ kind }: WrittenItem): ItemProblem[] {
  if (kind === 'email' || kind === undefined) return [];
  return [{ path: ['kind'], message: 'is for the file alone, unless it is email', mend: IN_FILE }];
}

function refuseKept(item: WrittenItem): ItemProblem[] {
  return Object.entries(KEPT)
    .filter(([key]) => Object.hasOwn(item, key))
    .map(([key, message]) => ({ path: [key], message: `${message}; only the file may`, mend: IN_FILE }));
}

function refuseServer({ host, security }: WrittenItem): ItemProblem[] {
  const refusal = typeof host === 'string' ? refusalOfHost(host) : null;
  return [
    ...(refusal === null
      ? []
      : [{ path: ['host'], message: `${refusal}; only the file may`, mend: 'Name a server on the public network' }]),
    ...(security === 'none'
      ? [
          {
            path: ['security'],
            message: 'lets anybody on the way read; only the file may',
            mend: 'Write starttls or tls',
          },
        ]
      : []),
  ];
}
