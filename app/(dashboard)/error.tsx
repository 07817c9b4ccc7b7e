'use client';

/** A page that could not be drawn; the frame around it still stands. */
export default function PageError({ error, retry }: { error: unknown; retry: () => void }) {
  const digest = error instanceof Error && 'digest' in error ? String(error.digest) : null;
  return (
    <>
      <h1 className="text-xl font-semibold tracking-tight">This page could not be drawn</h1>
      <p className="mt-2 max-w-[70ch]">
        Something in what is stored was not as expected. Nothing of it is lost: the log file of the web process says
        what it was
        {digest ? (
          <>
            , under the number <span className="mono">{digest}</span>
          </>
        ) : null}
        .
      </p>
      <button type="button" className="button mt-4" onClick={retry}>
        Try again
      </button>
    </>
  );
}
