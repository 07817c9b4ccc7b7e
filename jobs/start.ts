import '#lib/node-version.ts';
import { runSupervised } from './run-supervised.ts';

// npm start
await runSupervised('start');
