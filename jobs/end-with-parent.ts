// Loaded first in every supervised process. The channel to the supervisor closes when that dies, even by kill -9; then
// this process ends too, as on SIGTERM: by its own handler where it has one.
// A process that this one starts in turn may inherit the loading, but its channel is not the supervisor's.
if (process.env.MODELTRAIL_SUPERVISOR === String(process.ppid)) {
  process.once('disconnect', () => {
    if (!process.emit('SIGTERM')) process.exit(0);
    setTimeout(() => process.exit(1), 10_000).unref();
  });
  process.channel?.unref();
}
