'use client';

/** The last resort: the frame itself failed, so it stands alone. */
export default function GlobalError({ retry }: { error: unknown; retry: () => void }) {
  return (
    <html lang="en-GB">
      <body>
        <title>Modeltrail failed</title>
        <main>
          <h1>Modeltrail failed to draw this page</h1>
          <p>The log file of the web process says why. What was stored is not affected.</p>
          <button type="button" onClick={retry}>
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}
