// Loaded first in every supervised process. The channel to the supervisor closes when that dies, even by kill -9; then
// this process ends too, as on SIGTERM: by its own handler where it has one.
process.once('disconnect', () => {
  if (!process.emit('SIGTERM')) process.exit(0);
  setTimeout(() => process.exit(1), 10_000).unref();
});
process.channel?.unref();
