import { type HashReport, type HashTask, runTask } from './hash-task.ts';
import { HasherStore } from './hasher.ts';

// Runs in a worker of its own. It is given files and tells digests; it sends nothing anywhere.

const store = new HasherStore();

addEventListener('message', ({ data }: MessageEvent<HashTask>) => {
  void runTask(data, store, (report: HashReport) => postMessage(report));
});
