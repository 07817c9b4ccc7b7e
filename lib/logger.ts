import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Logger, pino } from 'pino';

/** JSON lines to standard output, and to `file` as well where one is given. Nothing is lost when the process is killed: writes are synchronous. */
export function createLogger(name: string, file?: string): Logger {
  const level = process.env.MODELTRAIL_LOG_LEVEL ?? 'info';
  const streams: { stream: NodeJS.WritableStream | ReturnType<typeof pino.destination>; level: 'trace' }[] = [
    { stream: process.stdout, level: 'trace' },
  ];
  if (file) {
    mkdirSync(dirname(file), { recursive: true });
    streams.push({ stream: pino.destination({ dest: file, sync: true }), level: 'trace' });
  }
  return pino({ name, level }, pino.multistream(streams));
}
