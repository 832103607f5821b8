import type { PageConfig } from '../server/page-document.ts';
import { Controller } from './controller.ts';
import type { ConversationRenderer, RendererOptions } from './conversation-renderer.ts';

/** Starts the page with the renderer of its script. */
export function startPage(makeRenderer: (options: RendererOptions) => ConversationRenderer): void {
  const config = JSON.parse(document.getElementById('page-config')?.textContent ?? '{}') as PageConfig;
  const root = document.documentElement;
  const darkSystem = matchMedia('(prefers-color-scheme: dark)');
  const paint = (): void => {
    const isDark = config.theme === 'dark' || (config.theme === 'system' && darkSystem.matches);
    root.classList.toggle('dark', isDark);
    root.classList.toggle('light', !isDark);
    root.style.colorScheme = isDark ? 'dark' : 'light';
  };
  paint();
  darkSystem.addEventListener('change', paint);
  new Controller(config, makeRenderer).start();
}
