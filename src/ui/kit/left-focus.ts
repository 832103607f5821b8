import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { rootOf } from './surface.ts';

function focusCardIn(root: ShadowRoot | undefined): void {
  const card = root?.querySelector<HTMLElement>('.card');
  card?.setAttribute('tabindex', '-1');
  card?.focus({ preventScroll: true });
}

/**
 * Gives the focus to the card in an element of ours. Never to the element itself: Chromium's Tab passes over everything
 * below a host that has a negative tabindex.
 */
export const focusCard = (element: HTMLElement): void => focusCardIn(rootOf(element));

/**
 * For the `ref` of a part that goes away when it is answered or pressed: whoever used its keys goes on from the card. Else
 * the page would have what is typed next.
 */
export function useLeftFocus<T extends HTMLElement = HTMLDivElement>(): RefObject<T | null> {
  const part = useRef<T>(null);
  useLayoutEffect(
    () => () => {
      const root = part.current?.getRootNode();
      if (root instanceof ShadowRoot && part.current?.matches(':focus-within')) focusCardIn(root);
    },
    [],
  );
  return part;
}
