import { ALERT_KINDS, ALERT_SEVERITIES } from '#lib/provenance/alert-kind.ts';
import { ALERT } from '#lib/provenance/alert-words.ts';
import { DIGESTS } from './route-schema.ts';
import type { ItemKind, SettingSection } from './setting-section.ts';

const ROUTE: ItemKind = {
  id: 'route',
  label: 'Route',
  add: 'Add a route',
  fields: [
    {
      key: 'channels',
      kind: 'lines',
      isList: true,
      label: 'Channels',
      note: 'Names of the channels that the alerts go to, one a line: of the file, or made here.',
    },
    {
      key: 'severity',
      kind: 'choice',
      label: 'Least severity',
      note: 'What is less grave does not go this way.',
      options: ALERT_SEVERITIES.map((severity) => ({ value: severity, label: severity })),
    },
    {
      key: 'kinds',
      kind: 'choices',
      label: 'Kinds of alerts',
      note: 'Every kind, where none is chosen.',
      options: ALERT_KINDS.map((kind) => ({ value: kind, label: ALERT[kind].word })),
    },
    {
      key: 'rules',
      kind: 'lines',
      isList: true,
      label: 'Watch rules',
      note: 'Globs of their names, one a line. Alerts of no rule do not match then.',
    },
    {
      key: 'models',
      kind: 'lines',
      isList: true,
      label: 'Models',
      note: 'Globs of their names, one a line. Alerts of no model do not match then.',
    },
    {
      key: 'digest',
      kind: 'choice',
      label: 'When',
      note: 'At once, or all of an hour or a day in one message.',
      options: DIGESTS.map((digest) => ({ value: digest, label: digest })),
    },
    {
      key: 'repeat',
      kind: 'text',
      label: 'Again after',
      note: 'After how long what nobody has acknowledged is told again, 10m to 720h; once if left out.',
      example: '24h',
    },
    {
      key: 'resolved',
      kind: 'flag',
      label: 'Tell when it is over',
      note: 'Tells as well when the cause of an alert is gone.',
    },
  ],
};

/** A route names channels, and leads nowhere by itself. */
export const routesSection: SettingSection = {
  path: ['alerts', 'routes'],
  slug: 'routes',
  title: 'Alert routes',
  one: 'route',
  about: 'Which alerts go to which channels, and how soon. Without a route, alerts stand on their page only.',
  fileOnly: '',
  kinds: [ROUTE],
  kindOf: () => ROUTE,
  refuse: () => [],
  redact: (item) => item,
};
