import { savedAddresses } from './save.ts';
import { rootOf } from './surface.ts';
import { vouchFor } from './trusted-press.ts';

/** Events of a shadow tree that reach the page's listeners and say what was typed, copied or dragged. */
const TELLING =
  'keydown keyup keypress beforeinput input compositionstart compositionupdate compositionend paste copy cut dragstart'.split(
    ' ',
  );

function copyOf(event: Event): Event | null {
  const init = { bubbles: true, cancelable: true };
  if (event.type === 'keydown') {
    const { key, code, shiftKey, ctrlKey, altKey, metaKey, isComposing } = event as KeyboardEvent;
    return new KeyboardEvent('keydown', { ...init, key, code, shiftKey, ctrlKey, altKey, metaKey, isComposing });
  }
  return event.type === 'input' ? new Event('input', init) : null;
}

/**
 * Keeps from the page what a person does within elements of ours. Must be called at document_start: listeners of one
 * target run in the order of their adding. What parts of ours listen for reaches them as a copy that does not leave
 * the closed root.
 */
export function shieldFromPage(window: Window, { signal }: { readonly signal: AbortSignal }): void {
  const take = (event: Event): void => {
    let root: ShadowRoot | undefined;
    for (const target of event.composedPath()) root ??= rootOf(target);
    if (root === undefined) return;
    event.stopImmediatePropagation();
    const copy = event.isTrusted ? copyOf(event) : null;
    if (copy === null) return;
    vouchFor(copy);
    if (root.activeElement?.dispatchEvent(copy) === false) event.preventDefault();
  };
  for (const kind of TELLING) window.addEventListener(kind, take, { capture: true, signal });
  // A download tells the page's navigation listeners the address of its bytes, which any script could read. By the standard
  // those for the capture phase come first.
  const { navigation } = window as { readonly navigation?: EventTarget };
  navigation?.addEventListener(
    'navigate',
    (event) => {
      const { url } = (event as Event & { readonly destination: { readonly url: string } }).destination;
      if (savedAddresses.has(url)) event.stopImmediatePropagation();
    },
    { capture: true, signal },
  );
}
