import type { EntryFormat } from '#lib/rekor/entry-format.ts';
import type { LogReader } from '#lib/rekor/log-reader.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { type EventSinkOptions, eventSink } from '#lib/services/event/event-sink.ts';
import type { WatchRule } from '#lib/watch/rule.ts';
import type { FollowOptions } from './follow.ts';

export interface RekorTail extends Omit<EventSinkOptions, 'format'> {
  readonly reader: LogReader;
  readonly format: EntryFormat;
  readonly rules: readonly WatchRule[];
}

/** What it takes to follow a Rekor log: how it is read, what is picked, and that this becomes signing events. */
export function rekorTail(
  ctx: ServiceContext,
  { reader, rules, ...options }: RekorTail,
): Pick<FollowOptions, 'reader' | 'picker' | 'sink'> {
  const { format, matcher } = options;
  return { reader, picker: { format, rules, matcher }, sink: eventSink(ctx, options) };
}
