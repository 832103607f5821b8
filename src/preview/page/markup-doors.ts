import { savedGetter, unbind } from '../../base/index.ts';
import { LEFT_OUT_NAMES, REALMS } from './left-out.ts';
import { type Plain, replaceGetter, replaceMethod, replaceSetter, textOf } from './replace.ts';
import { savedTrees, type Trees } from './trees.ts';

type Scope = Window & typeof globalThis;
type Test = (text: string) => boolean;

/** What stands where a script asks for a realm. */
const IN_PLACE = 'preview-left-out';
/** Names of what takes markup: such as make shadow roots past `attachShadow`, or trees past the parser of this page, and grow in number. */
const TAKES_MARKUP = /HTML(?:Unsafe)?$/;
/** What is looked after here, or only reads. All other is taken away: of a browser to come, too. */
const KNOWN = ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'getHTML'];

/**
 * Lets no script make an element that opens a realm or has the browser connect, by name or by markup: some act as soon as they are in
 * the document, before any observer is told. Markup that names one is read apart from the document and put in without them; all other
 * goes the browser's own way. Before any script of the page; what is used afterwards was saved here.
 */
export function refuseMarkup(scope: Scope): void {
  const { Element, ShadowRoot, Document, DocumentFragment, DocumentType, CharacterData } = scope;
  const owners = [Element, ShadowRoot, Document, DocumentFragment, DocumentType, CharacterData];
  for (const owner of [Document, ...owners.map(({ prototype }) => prototype)])
    for (const name of Object.getOwnPropertyNames(owner))
      if (TAKES_MARKUP.test(name) && !KNOWN.includes(name)) Reflect.deleteProperty(owner, name);
  const trees = savedTrees(scope);
  const exec = unbind<[string], RegExpExecArray | null>(RegExp.prototype.exec);
  // The parser knows no other way to write the name of an element: no references, nothing between its letters.
  const named = new RegExp(`<(?:${LEFT_OUT_NAMES.join('|')})`, 'i');
  const isSuspect: Test = (text) => exec(named, text) !== null;
  refuseNames(scope);
  refuseInside(scope, trees, isSuspect);
  refuseBeside(scope, trees, isSuspect);
  refuseDocuments(scope, trees);
}

/** `innerHTML`. */
function refuseInside({ Element, ShadowRoot, DocumentFragment }: Scope, trees: Trees, isSuspect: Test): void {
  const hostOf = savedGetter<Element>(ShadowRoot.prototype, 'host');
  const ofElement = unbind<[Node], void>(Element.prototype.replaceChildren);
  const ofFragment = unbind<[Node], void>(DocumentFragment.prototype.replaceChildren);
  const filling =
    (isRoot: boolean) =>
    (plain: Plain): Plain =>
    (self, args) => {
      const text = args[0] === null ? '' : textOf(args[0]);
      const inside = isRoot ? self : trees.insideOf(self);
      if (!trees.isShown(self)) {
        plain(self, [text]);
        trees.sweep(inside);
      } else if (!isSuspect(text)) plain(self, [text]);
      else {
        const fragment = trees.fragment(isRoot ? hostOf(self) : self, text);
        if (isRoot || inside !== self) ofFragment(inside, fragment);
        else ofElement(self, fragment);
      }
    };
  replaceSetter(Element.prototype, 'innerHTML', filling(false));
  replaceSetter(ShadowRoot.prototype, 'innerHTML', filling(true));
}

/** `outerHTML` and `insertAdjacentHTML`. */
function refuseBeside({ Element }: Scope, trees: Trees, isSuspect: Test): void {
  const { prototype } = Element;
  const [before, prepend, append, after, replaceWith] = (
    ['before', 'prepend', 'append', 'after', 'replaceWith'] as const
  ).map((name) => unbind<[Node], void>(prototype[name]));
  const places: Readonly<Record<string, typeof before>> = {
    __proto__: null as never,
    beforebegin: before,
    afterbegin: prepend,
    beforeend: append,
    afterend: after,
  };
  const lower = unbind<[], string>(String.prototype.toLowerCase);
  replaceSetter(prototype, 'outerHTML', (plain) => (self, args) => {
    const text = args[0] === null ? '' : textOf(args[0]);
    const parent = trees.parentOf(self);
    if (trees.isShown(self) && !isSuspect(text)) return plain(self, [text]);
    // A root is the browser's to refuse, and one without a parent stays as it is.
    if (parent === null || trees.isDocument(parent)) return plain(self, [text]);
    return replaceWith?.(self, trees.fragment(trees.isElement(parent) ? parent : self, text));
  });
  replaceMethod(prototype, 'insertAdjacentHTML', (plain) => (self, args) => {
    if (args.length < 2) return plain(self, args);
    const place = lower(textOf(args[0]));
    const text = textOf(args[1]);
    if (trees.isShown(self) && !isSuspect(text)) return plain(self, [place, text]);
    const put = places[place];
    const like = put === before || put === after ? trees.parentOf(self) : (self as Node);
    // The browser says what is wrong with the place.
    if (!put || like === null || !trees.isElement(like)) return plain(self, [place, '']);
    return put(self, trees.adjacent(like, text));
  });
}

/** Fragments and documents that are read of text: nothing of them is shown yet. */
function refuseDocuments(scope: Scope, trees: Trees): void {
  const sweeping = (plain: Plain): Plain => {
    return (self, args) => {
      const made = plain(self, args);
      if (trees.isTree(made)) trees.sweep(made);
      return made;
    };
  };
  replaceMethod(scope.Range.prototype, 'createContextualFragment', sweeping);
  replaceMethod(scope.DOMParser.prototype, 'parseFromString', sweeping);
  replaceGetter(scope.XMLHttpRequest.prototype, 'responseXML', sweeping);
  replaceGetter(scope.XMLHttpRequest.prototype, 'response', sweeping);
  const lower = unbind<[], string>(String.prototype.toLowerCase);
  replaceMethod(scope.Document.prototype, 'execCommand', (plain) => (self, args) => {
    const name = textOf(args[0]);
    return lower(name) === 'inserthtml' ? false : plain(self, [name, args[1], args[2]]);
  });
}

/** Elements by their name. */
function refuseNames({ Document, DOMImplementation, CustomElementRegistry }: Scope): void {
  const exec = unbind<[string], RegExpExecArray | null>(RegExp.prototype.exec);
  const realm = new RegExp(`(?:^|:)(?:${REALMS.join('|')})$`, 'i');
  const allowed = (name: unknown): string => {
    const text = textOf(name);
    return exec(realm, text) === null ? text : IN_PLACE;
  };
  replaceMethod(
    Document.prototype,
    'createElement',
    (plain) => (self, args) => (args.length === 0 ? plain(self, args) : plain(self, [allowed(args[0]), args[1]])),
  );
  for (const owner of [
    { of: Document.prototype, name: 'createElementNS' },
    { of: DOMImplementation.prototype, name: 'createDocument' },
  ])
    replaceMethod(owner.of, owner.name, (plain) => (self, args) => {
      if (args.length < 2) return plain(self, args);
      const name = args[1] === null ? null : allowed(args[1]);
      return plain(self, args.length < 3 ? [args[0], name] : [args[0], name, args[2]]);
    });
  // An own element may be one of the browser's under another name.
  replaceMethod(CustomElementRegistry.prototype, 'define', (plain) => (self, args) => {
    const options = args[2] as ElementDefinitionOptions | undefined;
    const base = options?.extends;
    return plain(self, base === undefined ? [args[0], args[1]] : [args[0], args[1], { extends: allowed(base) }]);
  });
}
