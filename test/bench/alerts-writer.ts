import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { connect } from '#db/client.ts';

// Another writer to the database of the bench, on a connection of its own: how long each of its writes took.

const EVERY = 100;

const sqlite = connect(z.string().parse(workerData));
const write = sqlite.prepare(
  "INSERT INTO alert_cursors (source, position) VALUES ('bench', ?) ON CONFLICT DO UPDATE SET position = excluded.position",
);
const waits: number[] = [];

const timer = setInterval(() => {
  const start = performance.now();
  try {
    write.run(waits.length);
  } catch (error) {
    // Shut out for as long as a connection waits: that is what is measured.
    if (!(error instanceof Database.SqliteError && error.code === 'SQLITE_BUSY')) throw error;
  }
  waits.push(performance.now() - start);
}, EVERY);

parentPort?.once('message', () => {
  clearInterval(timer);
  sqlite.close();
  parentPort?.postMessage(waits);
});
parentPort?.postMessage('ready');
