/** Hands in bundles from this computer; works without JavaScript. */
export function UploadForm() {
  return (
    <form
      action="/sources/upload"
      method="post"
      encType="multipart/form-data"
      className="flex flex-wrap items-end gap-3"
      aria-describedby="upload-note"
    >
      <label className="flex min-w-0 flex-1 basis-72 flex-col gap-1">
        <span className="font-medium">Bundles from this computer</span>
        <input
          type="file"
          name="bundles"
          multiple
          required
          accept=".json,.sig,.sigstore,.bundle,.jsonl,application/json"
          className="control w-full py-1"
        />
      </label>
      <button type="submit" className="button button-accent">
        Hand in
      </button>
      <p id="upload-note" className="basis-full text-muted">
        model.sig, *.sigstore.json, or one bundle a line in *.jsonl. Each is verified at once, stored once, and listed
        below with what became of it. What is refused is kept, and tried again when trust roots, keys or rules change.
      </p>
    </form>
  );
}
