import type { PreviewResponse } from '../../contracts/preview.ts';
import { PREVIEW_CONNECT, PREVIEW_READY, type ToPreview } from '../messages.ts';
import { Desk } from './desk.ts';
import { Files, textOf, typeOf } from './files.ts';
import { installCookies } from './cookie.ts';
import { installEventSource } from './event-source.ts';
import { installLeaving } from './leaving.ts';
import { installLocation } from './location.ts';
import { followAddresses } from './later.ts';
import { prepareMarkup } from './markup.ts';
import { Modules } from './modules.ts';
import { installRequests } from './requests.ts';
import { shutRealm } from './shut.ts';
import { installSockets } from './socket.ts';
import { installStorage } from './storage.ts';
import { Whereabouts } from './whereabouts.ts';

type Scope = Window & typeof globalThis;

/**
 * Starts the page of a preview: waits for its parent's one port, then for the one page it shows; the next page gets a frame of its
 * own. Throws unless the document is at an opaque origin: opened plainly (Firefox) it would be an extension page with all rights.
 */
export function startPreviewPage(scope: Scope): void {
  if (scope.origin !== 'null' || scope.parent === scope)
    throw new Error('The page of a preview runs only in its sandboxed frame.');
  const connect = (event: MessageEvent<{ readonly op?: unknown } | null>): void => {
    const [port] = event.ports;
    if (event.source !== scope.parent || event.data?.op !== PREVIEW_CONNECT || !port) return;
    scope.removeEventListener('message', connect);
    const desk: Desk = new Desk(port, (page) => void show(scope, desk, page));
    port.postMessage({ op: PREVIEW_READY });
  };
  scope.addEventListener('message', connect);
  scope.parent.postMessage({ op: PREVIEW_READY }, '*'); // an extension page: no other document can frame this one
}

async function show(scope: Scope, desk: Desk, page: ToPreview & { op: 'page' }): Promise<void> {
  const files = new Files(desk, page.origin);
  const { document } = scope;
  const markup = await prepareMarkup(
    markupOf(page.response, files),
    page.origin + page.path,
    files,
    new Modules(files),
  );
  const begin = document.open.bind(document);
  const write = document.write.bind(document);
  const end = document.close.bind(document);
  shutRealm(scope);
  // Listeners of the document before it are gone by this.
  begin();
  installCookies(scope, desk, page.kept.cookies);
  installStorage(scope, desk, page.kept);
  installRequests(scope, desk, files);
  installEventSource(scope, desk, files);
  installSockets(scope, desk, page.origin);
  const where = new Whereabouts(scope, desk, files, page.origin + page.path);
  installLocation(scope, where);
  installLeaving(scope, where);
  scope.addEventListener('load', () => followTitle(document, desk), { once: true });
  followAddresses(scope, files);
  write(markup);
  end();
}

function followTitle(document: Document, desk: Desk): void {
  const tell = (): unknown => desk.tell({ op: 'shown', title: document.title.slice(0, 300) });
  tell();
  const title = document.querySelector('title');
  if (title) new MutationObserver(tell).observe(title, { childList: true, characterData: true, subtree: true });
}

/** A page for what is none. */
function markupOf(response: PreviewResponse, files: Files): string {
  const type = typeOf(response).toLowerCase();
  if (type === '' || /html/.test(type)) return textOf(response);
  const page = document.implementation.createHTMLDocument();
  if (/^(image|audio|video)\//.test(type)) {
    const shown = page.createElement(type.startsWith('image/') ? 'img' : type.startsWith('audio/') ? 'audio' : 'video');
    shown.setAttribute('src', files.put(response.body, type));
    shown.setAttribute('controls', '');
    page.body.append(shown);
  } else if (/^text\/|json|javascript|xml/.test(type)) {
    const text = page.createElement('pre');
    text.textContent = textOf(response);
    page.body.append(text);
  } else page.body.textContent = `A file of type ${type}, ${String(response.body.byteLength)} bytes.`;
  return page.documentElement.outerHTML;
}
