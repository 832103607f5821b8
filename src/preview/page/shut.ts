import { apply, getOwnPropertyDescriptor, savedGetter, unbind } from '../../base/index.ts';
import { refuseHints } from './hints.ts';
import { REALMS } from './left-out.ts';
import { refuseMarkup } from './markup-doors.ts';

/**
 * Takes away what a document has and no worker: WebRTC, which no policy closes, in this realm and by letting no other come to be.
 * Before any script of the page; what is used afterwards was saved here.
 */
export function shutRealm(scope: Window & typeof globalThis): void {
  for (const name of Object.getOwnPropertyNames(scope)) {
    if (/^(webkit|moz)?RTC|^WebTransport/.test(name)) Reflect.deleteProperty(scope, name);
  }
  Reflect.deleteProperty(scope, 'XSLTProcessor');
  keepRealmsOut(scope);
  refuseMarkup(scope);
  refuseHints(scope);
}

/** A nested document begins in a later task: what came in is gone by then, as observers are told at the end of this one's script. */
function keepRealmsOut(scope: Window & typeof globalThis): void {
  const { Element, HTMLCollection, MutationObserver, Document } = scope;
  const lengthOf = savedGetter<number>(HTMLCollection.prototype, 'length');
  const itemOf = unbind<[number], Element | null>(HTMLCollection.prototype.item);
  const listOf = unbind<[string], NodeListOf<Element>>(scope.DocumentFragment.prototype.querySelectorAll);
  const listLength = savedGetter<number>(scope.NodeList.prototype, 'length');
  const listItem = unbind<[number], Node | null>(scope.NodeList.prototype.item);
  const remove = unbind<[], void>(Element.prototype.remove);
  const observe = unbind<[Node, MutationObserverInit], void>(MutationObserver.prototype.observe);
  const options = { childList: true, subtree: true };
  const live: HTMLCollectionOf<Element>[] = [];
  for (const name of REALMS) live[live.length] = scope.document.getElementsByTagName(name);
  const clearDocument = (): void => {
    for (let at = 0; at < live.length; at += 1) {
      const found = live[at];
      while (lengthOf(found) > 0) remove(itemOf(found, 0));
    }
  };
  const everywhere = REALMS.join(',');
  observe(new MutationObserver(clearDocument), scope.document, options);
  const attach = getOwnPropertyDescriptor(Element.prototype, 'attachShadow')?.value as Element['attachShadow'];
  Element.prototype.attachShadow = function attachShadow(init: ShadowRootInit): ShadowRoot {
    // A root that is copied with its element would come without a watcher.
    const root = apply(attach, this, [{ mode: init.mode, delegatesFocus: init.delegatesFocus === true }]);
    const clearRoot = (): void => {
      const found = listOf(root, everywhere);
      for (let at = 0; at < listLength(found); at += 1) remove(listItem(found, at));
    };
    observe(new MutationObserver(clearRoot), root, options);
    return root;
  };
  // What is written while the page is read goes in as elements: the parser would make shadow roots of it.
  const write = (...texts: string[]): void => insertMarkup(scope, texts.join(''));
  Object.assign(Document.prototype, {
    write,
    writeln: write,
    open: () => scope.document,
    close: () => undefined,
  });
}

/** Its scripts run; no shadow root comes of it. */
function insertMarkup({ document }: Window, text: string): void {
  const fragment = document.createRange().createContextualFragment(text);
  const at = document.currentScript;
  if (at) at.before(fragment);
  else document.body.append(fragment);
}
