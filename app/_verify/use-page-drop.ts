'use client';

import { useEffect, useState } from 'react';

/**
 * Takes files that are dropped anywhere on the page: a file dropped beside the zone would make the browser leave the page.
 *
 * @returns whether files are held over the page.
 */
export function usePageDrop(isOn: boolean, onDrop: (items: DataTransferItemList) => void): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
    const over = (event: DragEvent) => {
      if (!hasFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = isOn ? 'copy' : 'none';
      setOver(isOn);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      setOver(false);
      if (isOn) onDrop(event.dataTransfer.items);
    };
    document.addEventListener('dragover', over);
    document.addEventListener('dragleave', leave);
    document.addEventListener('drop', drop);
    return () => {
      document.removeEventListener('dragover', over);
      document.removeEventListener('dragleave', leave);
      document.removeEventListener('drop', drop);
    };
  }, [isOn, onDrop]);
  return isOver;
}
