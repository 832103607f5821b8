import { findDesign } from '../landmarks/index.ts';
import { findComposer } from './insert.ts';
import { pageRealm } from './page-realm.ts';
import { waitFor } from './wait-for.ts';

const TAKEN_MS = 2_000;

function names(form: Element | null | undefined): string {
  return form?.textContent ?? '';
}

/**
 * Offers files to the page as if they had been pasted, then by its file field. True when their names show up at the
 * composer; the page decides whether and when it uploads them.
 */
export async function attachFiles(document: Document, files: readonly File[], signal: AbortSignal): Promise<boolean> {
  try {
    return await offerFiles(document, files, signal);
  } catch {
    // Some browsers wall our files off from the page; the person is told to save the file and add it by hand.
    return false;
  }
}

async function offerFiles(document: Document, files: readonly File[], signal: AbortSignal): Promise<boolean> {
  const editor = findComposer(document);
  const form = editor?.closest('form') ?? null;
  if (editor === null || files.length === 0) return false;
  const realm = pageRealm();
  const fill = (): DataTransfer => {
    const transfer = realm.transfer();
    for (const file of files) transfer.items.add(file);
    return transfer;
  };
  const attachments = () => (form ?? document).querySelectorAll('[data-composer-attachments] > *').length;
  const already = attachments();
  const isTaken = () =>
    attachments() > already || files.every(({ name }) => names(form).includes(name)) ? true : null;
  const design = findDesign(document);
  const field = design?.pageOf(document)?.querySelector<HTMLInputElement>(design.landmarks.fileInput.selector) ?? null;
  if (field !== null) {
    field.files = fill().files;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
  } else {
    editor.focus({ preventScroll: true });
    editor.dispatchEvent(realm.pasteEvent(fill()));
  }
  return (await waitFor(isTaken, { under: form ?? document.body, mostMs: TAKEN_MS, signal })) === true;
}
