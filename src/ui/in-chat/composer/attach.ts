import { findDesign } from '../landmarks/index.ts';
import { findComposer } from './insert.ts';
import { pageRealm } from './page-realm.ts';
import { waitFor } from './wait-for.ts';

const TAKEN_MS = 2_000;

/** How often a name stands at the composer, the person's own text apart: results name their files in it as well. */
function countOutside(place: Element, editor: Element, name: string): number {
  const walker = place.ownerDocument.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  let count = 0;
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (!editor.contains(node) && node.textContent?.includes(name)) count += 1;
  }
  return count;
}

/**
 * Offers files to the page as if they had been pasted, then by its file field. True when all of them show up at the
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
  const place = form ?? document.body;
  const attachments = () => place.querySelectorAll('[data-composer-attachments] > *').length;
  const wanted = attachments() + files.length;
  const names = [...Map.groupBy(files, ({ name }) => name)].map(([name, alike]) => ({
    name,
    wanted: countOutside(place, editor, name) + alike.length,
  }));
  const isTaken = () =>
    attachments() >= wanted || names.every((each) => countOutside(place, editor, each.name) >= each.wanted)
      ? true
      : null;
  const design = findDesign(document);
  const page = design?.pageOf(document) ?? null;
  const field = page === null ? null : (design?.fileInputOf(page) ?? null);
  if (field !== null) {
    field.files = fill().files;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
  } else {
    editor.focus({ preventScroll: true });
    editor.dispatchEvent(realm.pasteEvent(fill()));
  }
  return (await waitFor(isTaken, { under: place, mostMs: TAKEN_MS, signal })) === true;
}
