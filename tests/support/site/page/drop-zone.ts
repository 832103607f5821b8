import { report } from './report.ts';

/** The page's own drop zone: the whole window, early and late in the event's way. */
export function installDropZone(onFiles: (files: readonly File[]) => void): void {
  for (const type of ['dragenter', 'dragover', 'drop'] as const) {
    window.addEventListener(
      type,
      (event) => {
        report('drop-seen', {
          type,
          phase: 'capture',
          files: [...(event.dataTransfer?.files ?? [])].map((file) => file.name),
        });
      },
      { capture: true },
    );
    document.addEventListener(type, (event) => {
      event.preventDefault();
      if (type !== 'drop') return;
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) onFiles(files);
    });
  }
}
