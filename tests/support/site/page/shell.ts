import type { PageConfig } from '../server/page-document.ts';
import { element, icon, icons } from './element.ts';
import { pageFetch } from './natives.ts';
import type { Strings } from './strings.ts';

export interface ShellOptions {
  readonly config: PageConfig;
  readonly words: Strings;
  readonly onNavigate: (path: string) => void;
  readonly onScene: (prompt: string) => void;
}

export interface Shell {
  readonly node: HTMLElement;
  /** Where the conversation on screen goes. */
  readonly main: HTMLElement;
  readonly title: HTMLElement;
  refreshList(): Promise<void>;
}

/** Side bar, header and, for people, the bar of scenes. */
export function createShell(options: ShellOptions): Shell {
  const { config, words } = options;
  const isApp = config.renderer === 'app';
  const list = element('nav', {
    id: 'history',
    'aria-label': words.chats,
    class: 'chat-list',
    ...(isApp ? { 'data-sidebar-project-container-id': 'chats' } : {}),
  });
  const fresh = element(
    'a',
    { href: '/', class: 'side-link new-chat' },
    icon(icons.pencil),
    element('span', {}, words.newChat),
  );
  const side = element(
    'aside',
    { class: 'sidebar' },
    element('div', { class: 'brand' }, element('span', { class: 'brand-mark', 'aria-hidden': 'true' }), 'Stand-in'),
    fresh,
    element('h2', { class: 'side-heading' }, words.chats),
    list,
  );
  const title = element('span', { class: 'header-title' });
  const actions = element(
    'div',
    isApp
      ? { class: 'gap-toolbar-action header-actions' }
      : { id: 'conversation-header-actions', class: 'header-actions' },
  );
  const header = element(
    'header',
    { class: 'page-header', ...(isApp ? { 'data-testid': 'app-shell-header-context-menu-surface' } : {}) },
    title,
    actions,
  );
  if (config.hasSceneBar) actions.append(...designLinks(config));
  const main = element('main', { class: 'page-main' });
  // Not at the bottom: there extensions have their switches.
  const column = element(
    'div',
    { class: 'page-column' },
    header,
    ...(config.hasSceneBar ? [sceneBar(options)] : []),
    main,
  );
  side.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    options.onNavigate(link.pathname);
  });
  return {
    node: element('div', { class: `shell ${config.renderer}` }, side, column),
    main,
    title,
    async refreshList() {
      if (config.isGuest) return;
      const answer = await pageFetch('/backend-api/conversations?offset=0&limit=28&order=updated');
      if (!answer.ok) return;
      const { items } = (await answer.json()) as { items: { id: string; title: string }[] };
      list.replaceChildren(
        ...items.map((item) => element('a', { href: `/c/${item.id}`, class: 'side-link', dir: 'auto' }, item.title)),
      );
    },
  };
}

function sceneBar({ config, words, onScene }: ShellOptions): HTMLElement {
  const buttons = config.scenes.map((scene) => {
    const button = element('button', { type: 'button', class: 'scene', title: scene.prompt }, scene.name);
    button.addEventListener('click', () => {
      onScene(scene.prompt);
    });
    return button;
  });
  return element(
    'div',
    { class: 'scene-bar', role: 'group', 'aria-label': words.scenes },
    element('span', { class: 'scene-heading' }, words.scenes),
    ...buttons,
  );
}

function designLinks(config: PageConfig): HTMLElement[] {
  const other = config.renderer === 'app' ? 'legacy' : 'app';
  const isDark = document.documentElement.classList.contains('dark');
  return [
    element('a', { href: `/?renderer=${other}`, class: 'quiet' }, other === 'legacy' ? 'Old design' : 'New design'),
    element('a', { href: `/?theme=${isDark ? 'light' : 'dark'}`, class: 'quiet' }, isDark ? 'Light' : 'Dark'),
  ];
}
