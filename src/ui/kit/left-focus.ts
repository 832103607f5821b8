import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/**
 * For the `ref` of a part that goes away when it is answered or pressed: whoever used its keys goes on from the card. Else
 * the page would have what is typed next.
 */
export function useLeftFocus<T extends HTMLElement = HTMLDivElement>(): RefObject<T | null> {
  const part = useRef<T>(null);
  useLayoutEffect(
    () => () => {
      const root = part.current?.getRootNode();
      if (!(root instanceof ShadowRoot) || !part.current?.matches(':focus-within')) return;
      const card = root.querySelector<HTMLElement>('.card');
      card?.setAttribute('tabindex', '-1');
      card?.focus({ preventScroll: true });
    },
    [],
  );
  return part;
}
