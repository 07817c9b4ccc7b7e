import '#lib/node-version.ts';
import { buildWeb } from './build-web.ts';

// npm run build
try {
  await buildWeb();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
