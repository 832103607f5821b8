import { onAbort } from '../../base/index.ts';

export type Theme = 'light' | 'dark';

/** The theme that the page shows now: by its own mark, else by the ground it paints, else by the device's wish. */
export function themeOf(document: Document): Theme {
  const root = document.documentElement;
  const mark = `${root.className} ${root.getAttribute('data-theme') ?? ''} ${root.style.colorScheme}`;
  if (/\bdark\b/.test(mark)) return 'dark';
  if (/\blight\b/.test(mark)) return 'light';
  const scheme = getComputedStyle(root).colorScheme;
  if (scheme === 'dark' || scheme === 'light') return scheme;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

export interface ThemeWatch {
  /** Marks an element of ours with the theme, now and at each change. */
  follow(element: HTMLElement): void;
  leave(element: HTMLElement): void;
}

export function createThemeWatch(document: Document, options: { readonly signal: AbortSignal }): ThemeWatch {
  const followers = new Set<HTMLElement>();
  let theme = themeOf(document);
  const update = () => {
    const now = themeOf(document);
    if (now === theme) return;
    theme = now;
    for (const element of followers) element.setAttribute('data-theme', theme);
  };
  let hasLooked = false;
  /** Elements often come many at a time; what the page paints does not change between them. */
  const lookOnce = () => {
    if (hasLooked) return;
    hasLooked = true;
    queueMicrotask(() => {
      hasLooked = false;
    });
    update();
  };
  const observer = new MutationObserver(update);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['class', 'style', 'data-theme'] });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', update, { signal: options.signal });
  onAbort(options.signal, () => observer.disconnect());
  return {
    follow(element) {
      followers.add(element);
      lookOnce();
      element.setAttribute('data-theme', theme);
    },
    leave: (element) => void followers.delete(element),
  };
}
