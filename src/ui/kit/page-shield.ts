import { savedAddresses } from './save.ts';
import { rootOf } from './surface.ts';
import { notePress, vouchFor } from './trusted-press.ts';

/**
 * A plain event with the key as properties of its own, which only this world sees: Firefox brings no `KeyboardEvent` that a script
 * made to any listener while a real one is on its way.
 */
function copyOf(event: Event): Event | null {
  const init = { bubbles: true, cancelable: true };
  if (event.type === 'keydown') {
    const { key, code, shiftKey, ctrlKey, altKey, metaKey, isComposing } = event as KeyboardEvent;
    return Object.assign(new Event('keydown', init), { key, code, shiftKey, ctrlKey, altKey, metaKey, isComposing });
  }
  return event.type === 'input' ? new Event('input', init) : null;
}

/**
 * Keeps from the page what a person does within elements of ours, other than pressing, which is only noted. For a listener that
 * stands before those of the page. What parts of ours listen for reaches them as a copy that does not leave the closed root.
 */
export function hideDeed(event: Event): void {
  let root: ShadowRoot | undefined;
  for (const target of event.composedPath()) root ??= rootOf(target);
  if (root === undefined) return;
  if (event instanceof PointerEvent) {
    notePress(event, root);
    return;
  }
  event.stopImmediatePropagation();
  const copy = event.isTrusted ? copyOf(event) : null;
  if (copy === null) return;
  vouchFor(copy);
  if (root.activeElement?.dispatchEvent(copy) === false) event.preventDefault();
}

/** A download tells the page's navigation listeners the address of its bytes, which any script could read. */
export function hideDownload(event: Event): void {
  const { url } = (event as Event & { readonly destination: { readonly url: string } }).destination;
  if (savedAddresses.has(url)) event.stopImmediatePropagation();
}
