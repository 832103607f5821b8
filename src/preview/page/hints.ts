import { savedGetter, unbind } from '../../base/index.ts';
import { HINTS } from './left-out.ts';
import { type Plain, replaceGetter, replaceMethod, replaceSetter, textOf } from './replace.ts';

type Scope = Window & typeof globalThis;

const ATTRIBUTE = 2;

/**
 * Lets no script give an attribute `rel` a hint to connect: Chromium obeys as soon as such a link is in the document, and asks no
 * policy. Every call by which an attribute gets its value is here; markup is the business of `markup-doors.ts`. Before any script of
 * the page; what is used afterwards was saved here.
 */
export function refuseHints(scope: Scope): void {
  const { Element, NamedNodeMap, Attr, Node, HTMLLinkElement } = scope;
  const exec = unbind<[string], RegExpExecArray | null>(RegExp.prototype.exec);
  const hint = new RegExp(HINTS.join('|'), 'i');
  const rel = /(?:^|:)rel$/i;
  const isHint: Test = (text) => exec(hint, text) !== null;
  const isRel: Test = (name) => exec(rel, name) !== null;
  const harmless = (value: unknown): string => {
    const text = textOf(value);
    return isHint(text) ? '' : text;
  };
  replaceMethod(Element.prototype, 'setAttribute', (plain) => (self, args) => {
    if (args.length < 2) return plain(self, args);
    const name = textOf(args[0]);
    return plain(self, [name, isRel(name) ? harmless(args[1]) : args[1]]);
  });
  replaceMethod(Element.prototype, 'setAttributeNS', (plain) => (self, args) => {
    if (args.length < 3) return plain(self, args);
    const name = textOf(args[1]);
    return plain(self, [args[0], name, isRel(name) ? harmless(args[2]) : args[2]]);
  });
  const nodeTypeOf = savedGetter<number>(Node.prototype, 'nodeType');
  const localNameOf = savedGetter<string>(Attr.prototype, 'localName');
  const valueOf = savedGetter<string>(Attr.prototype, 'value');
  const isRelAttribute = (node: unknown): boolean => nodeTypeOf(node) === ATTRIBUTE && isRel(localNameOf(node));
  const ofAttribute = (plain: Plain): Plain => {
    return (self, args) => plain(self, isRelAttribute(self) && args[0] != null ? [harmless(args[0])] : args);
  };
  replaceSetter(Attr.prototype, 'value', ofAttribute);
  replaceSetter(Node.prototype, 'nodeValue', ofAttribute);
  replaceSetter(Node.prototype, 'textContent', ofAttribute);
  // One can come ready from an element that is no link.
  const isAttribute = (value: unknown): boolean => {
    try {
      return isObject(value) && nodeTypeOf(value) === ATTRIBUTE;
    } catch {
      return false; // the browser says what it thinks of it
    }
  };
  const cleared = (plain: Plain): Plain => {
    return (self, args) => {
      const attribute = args[0];
      const isBad = isAttribute(attribute) && isRelAttribute(attribute) && isHint(valueOf(attribute));
      return isBad ? null : plain(self, args);
    };
  };
  for (const name of ['setAttributeNode', 'setAttributeNodeNS']) replaceMethod(Element.prototype, name, cleared);
  for (const name of ['setNamedItem', 'setNamedItemNS']) replaceMethod(NamedNodeMap.prototype, name, cleared);
  const ofLink =
    (plain: Plain): Plain =>
    (self, args) =>
      plain(self, [harmless(args[0])]);
  replaceSetter(HTMLLinkElement.prototype, 'rel', ofLink);
  replaceSetter(HTMLLinkElement.prototype, 'relList', ofLink);
  refuseTokens(scope, isHint);
}

type Test = (text: string) => boolean;

/** The list of a link's hints is one of many lists of tokens, which say not whose they are. */
function refuseTokens({ HTMLLinkElement, DOMTokenList: { prototype } }: Scope, isHint: Test): void {
  const has = unbind<[object], boolean>(WeakSet.prototype.has);
  const add = unbind<[object], WeakSet<object>>(WeakSet.prototype.add);
  const ofLinks = new WeakSet();
  replaceGetter(HTMLLinkElement.prototype, 'relList', (plain) => (self, args) => {
    const list = plain(self, args) as object;
    add(ofLinks, list);
    return list;
  });
  const refusing =
    (change: (plain: Plain, self: unknown, args: readonly unknown[]) => unknown) =>
    (plain: Plain): Plain =>
    (self, args) =>
      isObject(self) && has(ofLinks, self) ? change(plain, self, args) : plain(self, args);
  const value = refusing((plain, self, args) => {
    const text = textOf(args[0]);
    return plain(self, [isHint(text) ? '' : text]);
  });
  replaceSetter(prototype, 'value', value);
  const adding = refusing((plain, self, args) => {
    for (let at = 0; at < args.length; at += 1) {
      const token = textOf(args[at]);
      if (!isHint(token)) plain(self, [token]);
    }
  });
  replaceMethod(prototype, 'add', adding);
  const toggling = refusing((plain, self, args) => {
    const token = textOf(args[0]);
    if (isHint(token)) return false;
    return plain(self, args.length < 2 ? [token] : [token, args[1]]);
  });
  replaceMethod(prototype, 'toggle', toggling);
  const replacing = refusing((plain, self, args) => {
    const token = textOf(args[1]);
    return isHint(token) ? false : plain(self, [args[0], token]);
  });
  replaceMethod(prototype, 'replace', replacing);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
