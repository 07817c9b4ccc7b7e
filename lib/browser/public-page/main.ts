import type { DroppedItem } from '../collect-files.ts';

// The script of public pages: a place to drop files, and buttons that copy commands. What hashes is loaded once files are
// there, and not before.

const section = document.querySelector<HTMLElement>('#check');
if (section) wireFiles(section);
for (const block of document.querySelectorAll<HTMLElement>('.command')) wireCopy(block);

function wireFiles(section: HTMLElement): void {
  const drop = section.querySelector('#drop');
  const buttons = section.querySelector<HTMLElement>('#choose');
  if (buttons) buttons.hidden = false;
  for (const kind of ['folder', 'files']) {
    const input = section.querySelector<HTMLInputElement>(`#${kind}-input`);
    section.querySelector(`[data-choose=${kind}]`)?.addEventListener('click', () => input?.click());
    input?.addEventListener('change', () => {
      const chosen = [...(input.files ?? [])];
      // The same folder can be chosen again.
      input.value = '';
      if (chosen.length > 0) void check(section, { chosen });
    });
  }
  addEventListener('dragover', (event) => {
    event.preventDefault();
    drop?.classList.add('over');
  });
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) drop?.classList.remove('over');
  });
  addEventListener('drop', (event) => {
    event.preventDefault();
    drop?.classList.remove('over');
    // To be taken now: the list is empty once this returns.
    const dropped = [...(event.dataTransfer?.items ?? [])].map(take);
    if (dropped.length > 0) void check(section, { dropped });
  });
}

function take(item: DataTransferItem): DroppedItem {
  const { kind } = item;
  const entry = item.webkitGetAsEntry();
  const file = item.getAsFile();
  return { kind, webkitGetAsEntry: () => entry, getAsFile: () => file };
}

async function check(section: HTMLElement, given: { chosen: File[] } | { dropped: DroppedItem[] }): Promise<void> {
  try {
    const { checkFiles } = await import('./check-files.ts');
    await checkFiles(section, given);
  } catch (error) {
    const status = section.querySelector('#check-status');
    const reason = error instanceof Error ? error.message : String(error);
    if (status) status.textContent = `The files could not be checked: ${reason}. Reload the page, and try again.`;
  }
}

function wireCopy(block: HTMLElement): void {
  const code = block.querySelector('code');
  if (!code || !('clipboard' in navigator)) return;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button copy';
  button.textContent = 'Copy';
  button.setAttribute(
    'aria-label',
    `Copy the command of ${block.querySelector('strong')?.textContent ?? 'this block'}`,
  );
  button.addEventListener('click', () => {
    navigator.clipboard.writeText(code.textContent ?? '').then(
      () => say(button, 'Copied'),
      () => say(button, 'Not copied'),
    );
  });
  block.prepend(button);
}

function say(button: HTMLButtonElement, text: string): void {
  button.textContent = text;
  setTimeout(() => {
    button.textContent = 'Copy';
  }, 1500);
}
