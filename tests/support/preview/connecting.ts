/** Ways of a script to have Chromium connect to a host before any policy is asked. Each is a program; `to` is where it leads. */
export const CONNECTING: Readonly<Record<string, (to: string) => string>> = (() => {
  const link = (to: string) => `<link rel=preconnect href=${to}>`;
  const xhtml = (to: string) =>
    `<!DOCTYPE a [<!ENTITY e "&#60;&#108;ink xmlns='http://www.w3.org/1999/xhtml' rel='preconnect' href='${to}'/>">]><a>&e;</a>`;
  const made = (to: string, how: string) =>
    `const link = document.createElement('link'); link.href = ${JSON.stringify(to)}; ${how}; document.head.append(link)`;
  const markup = (to: string, how: string) => `const markup = ${JSON.stringify(link(to))}; ${how}`;
  const host = `const at = document.createElement('p'); document.body.append(at)`;
  return {
    property: (to) => made(to, `link.rel = 'preconnect'`),
    attribute: (to) => made(to, String.raw`link.setAttribute('REL', 'nothing\tPreConnect')`),
    namespaced: (to) => made(to, `link.setAttributeNS(null, 'rel', 'preconnect')`),
    later: (to) => `${made(to, '')}; link.setAttribute('rel', 'preconnect')`,
    listed: (to) => made(to, `link.relList = 'preconnect'`),
    added: (to) => made(to, `link.relList.add('nothing', 'preconnect')`),
    toggled: (to) => made(to, `link.relList.toggle('preconnect')`),
    replaced: (to) => made(to, `link.rel = 'nothing'; link.relList.replace('nothing', 'preconnect')`),
    valued: (to) => made(to, `link.relList.value = 'preconnect'`),
    'value of the attribute': (to) => made(to, `link.rel = 'x'; link.getAttributeNode('rel').value = 'preconnect'`),
    'value of the node': (to) => made(to, `link.rel = 'x'; link.attributes.rel.nodeValue = 'preconnect'`),
    'text of the node': (to) => made(to, `link.rel = 'x'; link.attributes.rel.textContent = 'preconnect'`),
    'attribute of another': (to) =>
      made(
        to,
        `const a = document.createElement('a'); a.rel = 'preconnect'; link.setAttributeNode(a.removeAttributeNode(a.attributes.rel))`,
      ),
    'attribute in the map': (to) =>
      made(
        to,
        `const a = document.createElement('a'); a.relList.add('preconnect'); link.attributes.setNamedItem(a.removeAttributeNode(a.attributes.rel))`,
      ),
    'said once, meant twice': (to) =>
      made(to, `let said = 0; link.setAttribute('rel', { toString: () => (said++ === 0 ? 'preconnect' : 'nothing') })`),
    'own element': (to) =>
      `customElements.define('x-link', class extends HTMLLinkElement {}, { extends: 'link' }); const link = document.createElement('link', { is: 'x-link' }); link.href = ${JSON.stringify(to)}; link.rel = 'preconnect'; document.head.append(link)`,
    inner: (to) => markup(to, `document.body.innerHTML += markup`),
    'inner of a template': (to) =>
      markup(
        to,
        `const at = document.createElement('template'); at.innerHTML = markup; document.body.append(at.content.cloneNode(true))`,
      ),
    'template in markup': (to) =>
      markup(
        to,
        `const at = document.createElement('div'); at.innerHTML = '<template>' + markup + '</template>'; document.body.append(at.firstChild.content)`,
      ),
    'inner of a shadow': (to) => markup(to, `${host}; at.attachShadow({ mode: 'closed' }).innerHTML = markup`),
    'inner of a drawing': (to) =>
      markup(
        to,
        `${host}; at.innerHTML = '<svg><foreignObject></foreignObject></svg>'; at.firstChild.firstChild.innerHTML = markup`,
      ),
    outer: (to) => markup(to, `${host}; at.outerHTML = markup`),
    adjacent: (to) => markup(to, `${host}; at.insertAdjacentHTML('BeforeBegin', markup)`),
    fragment: (to) => markup(to, `document.head.append(document.createRange().createContextualFragment(markup))`),
    parsed: (to) =>
      markup(to, `document.head.append(new DOMParser().parseFromString(markup, 'text/html').querySelector('link'))`),
    'parsed as XML': (to) =>
      `document.head.append(new DOMParser().parseFromString(${JSON.stringify(xhtml(to))}, 'text/xml').documentElement.firstChild)`,
    'inner of XML': (to) =>
      `const at = document.implementation.createDocument(null, 'a').documentElement; at.innerHTML = ${JSON.stringify(`<x:link xmlns:x='http://www.w3.org/1999/xhtml' rel='preconnect' href='${to}'/>`)}; document.head.append(at.firstChild)`,
    'inner of another document': (to) =>
      markup(
        to,
        `const other = document.implementation.createHTMLDocument(); other.body.innerHTML = markup; document.head.append(document.adoptNode(other.body.firstChild))`,
      ),
    'answer to a request': (to) =>
      `const under = Object.getPrototypeOf(XMLHttpRequest); const asked = new ('send' in under.prototype ? under : XMLHttpRequest)(); asked.open('GET', URL.createObjectURL(new Blob([${JSON.stringify(link(to))}], { type: 'text/html' }))); asked.responseType = 'document'; asked.send(); await new Promise((done) => (asked.onloadend = done)); document.head.append(asked.response.querySelector('link'))`,
    written: (to) => markup(to, `document.write(markup)`),
    copied: (to) =>
      markup(
        to,
        `const at = document.createElement('div'); at.innerHTML = markup; document.body.append(document.importNode(at, true))`,
      ),
    'with lies of the language': (to) =>
      made(
        to,
        `const kept = [RegExp, String, Reflect].map((of) => [of.prototype ?? of, Object.getOwnPropertyDescriptors(of.prototype ?? of)]);
        RegExp.prototype.exec = RegExp.prototype.test = RegExp.prototype[Symbol.match] = () => null; String.prototype.toLowerCase = () => 'x'; Reflect.apply = () => 'x';
        Object.defineProperty(Array.prototype, 1, { get: () => 'preconnect', set() {}, configurable: true });
        link.setAttribute('rel', 'preconnect'); delete Array.prototype[1]; for (const [of, was] of kept) Object.defineProperties(of, was)`,
      ),
    frame: (to) =>
      `const frame = document.createElement('iframe'); frame.src = ${JSON.stringify(to)}; document.body.append(frame)`,
    'frame by its namespace': (to) =>
      `const frame = document.createElementNS('http://www.w3.org/1999/xhtml', 'x:iframe'); frame.src = ${JSON.stringify(to)}; document.body.append(frame)`,
    'own frame': (to) =>
      `class Own extends HTMLIFrameElement {} customElements.define('x-frame', Own, { extends: 'iframe' }); const frame = new Own(); frame.src = ${JSON.stringify(to)}; document.body.append(frame)`,
    'frame of a document': (to) =>
      `const frame = document.implementation.createDocument('http://www.w3.org/1999/xhtml', 'iframe').documentElement; frame.setAttribute('src', ${JSON.stringify(to)}); document.body.append(frame)`,
    'frame in markup': (to) => `document.body.insertAdjacentHTML('beforeend', '<iframe src=${to}></iframe>')`,
  };
})();

/** The same for looking up a name, which no server sees. */
export const LOOKING_UP: Readonly<Record<string, (to: string) => string>> = {
  property: (to) =>
    `const link = document.createElement('link'); link.rel = 'dns-prefetch'; link.href = ${JSON.stringify(to)}; document.head.append(link)`,
  markup: (to) =>
    `document.body.insertAdjacentHTML('beforeend', ${JSON.stringify(`<link rel=dns-prefetch href=${to}>`)})`,
};
