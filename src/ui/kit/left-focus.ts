import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** For the `ref` of a part that goes away when it is answered: whoever used its keys goes on from the card. */
export function useLeftFocus(): RefObject<HTMLDivElement | null> {
  const part = useRef<HTMLDivElement>(null);
  useLayoutEffect(
    () => () => {
      const root = part.current?.getRootNode();
      if (!(root instanceof ShadowRoot) || !part.current?.contains(root.activeElement)) return;
      const card = root.querySelector<HTMLElement>('.card');
      card?.setAttribute('tabindex', '-1');
      card?.focus({ preventScroll: true });
    },
    [],
  );
  return part;
}
