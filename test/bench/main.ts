// npm run bench -- NAME [--json]: measures against a baseline in the same run, and prints ratios.
import { cac } from 'cac';
import { benchAlerts } from './alerts.ts';
import { benchGraph } from './graph.ts';
import { benchHash } from './hash.ts';
import { benchIncident } from './incident.ts';
import { benchPages } from './pages.ts';
import { benchTail } from './tail.ts';
import { benchTailV1 } from './tail-v1.ts';

const cli = cac('bench');

cli
  .command('tail', 'Verified tail of a generated log, beside a bare parallel download of the same bytes')
  .option('--sizes <list>', 'Entries of the logs, smallest first', { default: '50000,1000000' })
  .option('--parallel <n>', 'Bundles under way at once', { default: 16 })
  .option('--json', 'Print one JSON object only')
  .action((options: { sizes: string | number; parallel: number; json?: boolean }) =>
    benchTail({
      sizes: String(options.sizes).split(',').map(Number),
      parallel: options.parallel,
      json: options.json === true,
    }),
  );

cli
  .command(
    'tail-v1',
    'Verified tail of a real Rekor v1 (MODELTRAIL_BENCH_REKOR_V1), beside a bare fetch of the same entries',
  )
  .option('--entries <n>', 'At most so many entries of its active tree, the newest', { default: 3000 })
  .option('--parallel <n>', 'Requests of ten entries under way at once', { default: 16 })
  .option('--rounds <n>', 'How often each of the two is measured, in turns', { default: 5 })
  .option('--json', 'Print one JSON object only')
  .action((options: { entries: number; parallel: number; rounds: number; json?: boolean }) =>
    benchTailV1({ ...options, json: options.json === true }),
  );

cli
  .command('graph', 'Verdicts, chains and updates on a big graph, beside the same on a small one')
  .option('--artifacts <n>', 'Artifacts of the big one, each made from five others; the small one has a hundredth', {
    default: 100000,
  })
  .option('--json', 'Print one JSON object only')
  .action((options: { artifacts: number; json?: boolean }) =>
    benchGraph({
      big: { artifacts: options.artifacts, inputs: 5, family: Math.floor(options.artifacts / 10) },
      small: {
        artifacts: Math.floor(options.artifacts / 100),
        inputs: 5,
        family: Math.floor(options.artifacts / 1000),
      },
      json: options.json === true,
    }),
  );

cli
  .command('incident', 'What scopes of incidents reach on a big graph, beside the same on a small one')
  .option('--artifacts <n>', 'Artifacts of the big one, each made from five others; the small one has a hundredth', {
    default: 100000,
  })
  .option('--runs <n>', 'How often each scope is worked out', { default: 20 })
  .option('--json', 'Print one JSON object only')
  .action((options: { artifacts: number; runs: number; json?: boolean }) =>
    benchIncident({
      big: { artifacts: options.artifacts, inputs: 5, family: Math.floor(options.artifacts / 100) },
      small: {
        artifacts: Math.floor(options.artifacts / 100),
        inputs: 5,
        family: Math.floor(options.artifacts / 10000),
      },
      runs: options.runs,
      json: options.json === true,
    }),
  );

cli
  .command('pages', 'Pages and API over many events and models, beside the same over an empty database')
  .option('--events <n>', 'Events', { default: 100000 })
  .option('--models <n>', 'Models', { default: 5000 })
  .option('--requests <n>', 'Measured requests of each page', { default: 40 })
  .option('--json', 'Print one JSON object only')
  .action((options: { events: number; models: number; requests: number; json?: boolean }) =>
    benchPages({ ...options, json: options.json === true }),
  );

cli
  .command('alerts', 'The first look for alerts and rounds with nothing new, beside a bare copy of the same rows')
  .option('--events <n>', 'Events, of which one in five is an own signing that nobody accounted for', {
    default: 100000,
  })
  .option('--findings <n>', 'Open findings of models', { default: 20000 })
  .option('--rounds <n>', 'Rounds with nothing new', { default: 200 })
  .option('--json', 'Print one JSON object only')
  .action((options: { events: number; findings: number; rounds: number; json?: boolean }) =>
    benchAlerts({ ...options, json: options.json === true }),
  );

cli
  .command('hash', 'Hashing of large and of small files, beside model_signing and sha256sum on the same files')
  .option('--size-gb <n>', 'Gigabytes of the large files', { default: 4 })
  .option('--small-files <n>', 'How many small files', { default: 20000 })
  .option('--rounds <n>', 'How often the small files are hashed by each; the large ones at most three times', {
    default: 7,
  })
  .option('--no-browser', 'Leave out the Verify page in Chromium')
  .option('--json', 'Print one JSON object only')
  .action((options: { sizeGb: number; smallFiles: number; rounds: number; browser: boolean; json?: boolean }) =>
    benchHash({ ...options, withBrowser: options.browser, json: options.json === true }),
  );

cli.help();
cli.parse(process.argv, { run: false });
if (!cli.matchedCommand && !cli.options.help) {
  cli.outputHelp();
  process.exitCode = 2;
}
await cli.runMatchedCommand();
