import '#lib/node-version.ts';
import { runSupervised } from './run-supervised.ts';

// npm run dev; `npm run demo` shows the recorded story instead.
await runSupervised('dev');
