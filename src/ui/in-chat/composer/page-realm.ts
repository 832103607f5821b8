interface FirefoxWindow {
  readonly wrappedJSObject?: Window & typeof globalThis;
}
type CloneInto = (value: unknown, target: unknown, options: { wrapReflectors: boolean }) => never;

/** Constructors whose products the page may read. Only Firefox walls off what a content script makes; there they come from the page. */
export function pageRealm(): { transfer(): DataTransfer; pasteEvent(clipboardData: DataTransfer): Event } {
  const page = (window as unknown as FirefoxWindow).wrappedJSObject;
  const cloneInto = (globalThis as unknown as { cloneInto?: CloneInto }).cloneInto;
  const init = { bubbles: true, cancelable: true, composed: true };
  if (page === undefined || cloneInto === undefined) {
    return {
      transfer: () => new DataTransfer(),
      pasteEvent: (clipboardData) => new ClipboardEvent('paste', { ...init, clipboardData }),
    };
  }
  return {
    transfer: () => new page.DataTransfer(),
    pasteEvent(clipboardData) {
      // Firefox leaves `clipboardData` out of account and has words of its own for a text (seen in 153).
      const text = { dataType: 'text/plain', data: clipboardData.getData('text/plain') };
      return new page.ClipboardEvent(
        'paste',
        cloneInto({ ...init, ...text, clipboardData }, window, { wrapReflectors: true }),
      );
    },
  };
}
