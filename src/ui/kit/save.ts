/** Addresses that are being saved: whoever knows one can read its bytes. */
export const savedAddresses = new Set<string>();

/** Hands bytes to the browser as a download. Works in pages and content scripts without a permission. */
export function saveBytes(name: string, mime: string, bytes: Uint8Array<ArrayBuffer> | Blob | string): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: mime }));
  savedAddresses.add(url);
  const link = document.createElement('a');
  link.href = url;
  link.download = name.replaceAll(/[/\\]/g, '_');
  link.click();
  // The download has taken its own hold of the blob by the next minute; the address must not outlive that.
  setTimeout(() => {
    URL.revokeObjectURL(url);
    savedAddresses.delete(url);
  }, 60_000);
}

/** Puts text on the clipboard; false where the browser does not allow it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Not focused, or refused by a policy: the caller says so, the text is still on screen.
    return false;
  }
}
