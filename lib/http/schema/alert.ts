import { z } from '@hono/zod-openapi';
import { ALERT_KINDS, ALERT_SEVERITIES } from '#lib/provenance/alert-kind.ts';
import { ALERT, ALERT_STATE, SEVERITY } from '#lib/provenance/alert-words.ts';
import { statesOf } from './states.ts';
import { time } from './time.ts';

export const alertKind = z.enum(ALERT_KINDS).openapi('AlertKind', {
  description: ALERT_KINDS.map((kind) => `- \`${kind}\`: ${ALERT[kind].what}`).join('\n'),
});

export const alertSeverity = statesOf(SEVERITY, ALERT_SEVERITIES, 'Severity', 'How soon somebody should look.');

export const ALERT_STATES = ['new', 'acknowledged', 'muted', 'resolved'] as const;

export const alert = z
  .object({
    id: z.string(),
    kind: alertKind,
    severity: alertSeverity,
    state: statesOf(ALERT_STATE, ALERT_STATES, 'AlertState', 'What became of an alert.'),
    title: z.string().openapi({ description: 'One line. It holds strings that strangers chose.' }),
    statement: z.string().openapi({ description: 'What it is, in a paragraph.' }),
    how: z.string().openapi({ description: 'How it is known.' }),
    next: z.string().openapi({ description: 'What to do now.' }),
    evidence: z.record(z.string(), z.string()).openapi({ description: 'Label to value.' }),
    href: z.string().openapi({ description: 'Path of the page about it.' }),
    count: z.int().openapi({ description: 'How often it was raised.' }),
    firstAt: time('When it was first raised.'),
    lastAt: time('When it was last raised.'),
    mutedUntilAt: time('Until when it is silent; null where it is not muted.').nullable(),
    resolvedAt: time('Since when it is settled; null while it is not.').nullable(),
  })
  .openapi('Alert', { description: 'Something that somebody should hear of.' });

export const alertMessage = z
  .object({
    id: z.string().openapi({ description: 'The id that the receiver got, the same at every try.' }),
    channel: z.string(),
    kind: z.enum(['alert', 'digest', 'test', 'resolved']),
    state: z.enum(['pending', 'sent', 'failed']),
    attempts: z.int(),
    problem: z.string().nullable().openapi({ description: 'Why the last try failed; null where none did.' }),
    createdAt: time('When it was put into the outbox.'),
    sentAt: time('When it was taken; null where it was not.').nullable(),
  })
  .openapi('AlertMessage');
