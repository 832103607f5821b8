import { savedGetter, unbind } from '../../base/index.ts';
import { LEFT_OUT } from './left-out.ts';
import { savedSetter } from './replace.ts';

const ELEMENT = 1;
const DOCUMENT = 9;
const FRAGMENT = 11;
const HTML = 'http://www.w3.org/1999/xhtml';

/** What is read of markup, before it comes into a document. No call here goes through anything that a page can replace. */
export interface Trees {
  /** Takes out of a tree, templates included, what a page does not get. */
  sweep(root: unknown): void;
  /** Whether it is of the document that is shown; throws for what is no node, as the browser does. */
  isShown(node: unknown): boolean;
  /** Markup as the content of an element like `like`, swept. */
  fragment(like: unknown, markup: string): DocumentFragment;
  /** The same as `insertAdjacentHTML` reads it. */
  adjacent(like: unknown, markup: string): DocumentFragment;
  /** The content of a template, itself for any other. */
  insideOf(element: unknown): unknown;
  parentOf(node: unknown): Node | null;
  isElement(node: unknown): boolean;
  isDocument(node: unknown): boolean;
  /** A node in which others are; false for whatever is none. */
  isTree(made: unknown): boolean;
}

/** Saves what it works with; before any script of the page. */
export function savedTrees(scope: Window & typeof globalThis): Trees {
  const { Node, Element, Document, DocumentFragment, NodeList, HTMLTemplateElement } = scope;
  const typeOf = savedGetter<number>(Node.prototype, 'nodeType');
  const ownerOf = savedGetter<Document | null>(Node.prototype, 'ownerDocument');
  const parentOf = savedGetter<Node | null>(Node.prototype, 'parentNode');
  const firstOf = savedGetter<Node | null>(Node.prototype, 'firstChild');
  const nameOf = savedGetter<string>(Element.prototype, 'localName');
  const spaceOf = savedGetter<string | null>(Element.prototype, 'namespaceURI');
  const contentOf = savedGetter<DocumentFragment>(HTMLTemplateElement.prototype, 'content');
  const lengthOf = savedGetter<number>(NodeList.prototype, 'length');
  const itemOf = unbind<[number], Node>(NodeList.prototype.item as (at: number) => Node);
  const fill = savedSetter<string>(Element.prototype, 'innerHTML');
  const append = unbind<[Node], Node>(Node.prototype.appendChild);
  const remove = unbind<[], void>(Element.prototype.remove);
  const make = unbind<[string | null, string], Element>(Document.prototype.createElementNS);
  const makeFragment = unbind<[], DocumentFragment>(Document.prototype.createDocumentFragment);
  const finders = {
    [ELEMENT]: unbind<[string], NodeList>(Element.prototype.querySelectorAll),
    [DOCUMENT]: unbind<[string], NodeList>(Document.prototype.querySelectorAll),
    [FRAGMENT]: unbind<[string], NodeList>(DocumentFragment.prototype.querySelectorAll),
  };
  const shown = scope.document;
  const apart = shown.implementation.createHTMLDocument('');
  const each = (root: unknown, selector: string, take: (node: Node) => void): void => {
    const find = finders[typeOf(root) as keyof typeof finders];
    const found = find(root, selector);
    for (let at = 0; at < lengthOf(found); at += 1) take(itemOf(found, at));
  };
  const sweep = (root: unknown): void => {
    each(root, LEFT_OUT, (element) => remove(element));
    each(root, 'template', (template) => {
      const content = templateContent(template);
      if (content) sweep(content);
    });
  };
  /** Null for any other element. */
  const templateContent = (element: unknown): DocumentFragment | null => {
    try {
      return contentOf(element);
    } catch {
      return null; // of no template
    }
  };
  const read = (at: Element, markup: string): DocumentFragment => {
    fill(at, markup);
    const from = templateContent(at) ?? at;
    sweep(from);
    const fragment = makeFragment(shown);
    for (let node = firstOf(from); node !== null; node = firstOf(from)) append(fragment, node);
    return fragment;
  };
  return {
    sweep,
    parentOf,
    isShown: (node) => ownerOf(node) === shown,
    isElement: (node) => typeOf(node) === ELEMENT,
    isDocument: (node) => typeOf(node) === DOCUMENT,
    isTree(made) {
      try {
        return typeof made === 'object' && made !== null && typeOf(made) in finders;
      } catch {
        return false; // of another kind
      }
    },
    insideOf: (element) => templateContent(element) ?? element,
    fragment: (like, markup) => read(make(apart, spaceOf(like), nameOf(like)), markup),
    // What goes beside or into the root's own children is read as content of a body.
    adjacent: (like, markup) =>
      read(nameOf(like) === 'html' ? make(apart, HTML, 'body') : make(apart, spaceOf(like), nameOf(like)), markup),
  };
}
