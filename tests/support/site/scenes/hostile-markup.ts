import type { Scene } from './scene.ts';

/** Each writes ADDRESS where a request, and HACK where a script of its own would run. */
const vectors = [
  '<img src="ADDRESS">',
  '<img src=x onerror="HACK">',
  '<img srcset="ADDRESS 1x">',
  '<picture><source srcset="ADDRESS"><img></picture>',
  '<svg><image href="ADDRESS"/></svg>',
  '<svg><use href="ADDRESS#a"/></svg>',
  '<svg onload="HACK"><script>HACK</script></svg>',
  '<svg><foreignObject><img src="ADDRESS"></foreignObject></svg>',
  '<math><mtext><img src="ADDRESS" onerror="HACK"></mtext></math>',
  '<script>HACK</script>',
  '<script src="ADDRESS"></script>',
  '<iframe src="ADDRESS"></iframe>',
  '<iframe srcdoc="<script>HACK</script>"></iframe>',
  '<object data="ADDRESS"></object>',
  '<embed src="ADDRESS">',
  '<video src="ADDRESS" poster="ADDRESS" autoplay></video>',
  '<audio src="ADDRESS" autoplay></audio>',
  '<video><source src="ADDRESS" onerror="HACK"></video>',
  '<link rel=stylesheet href="ADDRESS">',
  '<link rel=prefetch href="ADDRESS">',
  '<link rel=preconnect href="ADDRESS">',
  '<style>@import "ADDRESS"; * { background: url(ADDRESS) }</style>',
  '<style>:host { background: url(ADDRESS) }</style>',
  '<p style="background-image: url(ADDRESS)">x</p>',
  '<p style="background-color: url(ADDRESS)">x</p>',
  '<p style="color: red; background: URL(ADDRESS)">x</p>',
  '<ul style="list-style-image: url(ADDRESS)"><li>x</ul>',
  '<p style="cursor: url(ADDRESS), auto; border-image: url(ADDRESS) 1">x</p>',
  '<table background="ADDRESS"><td background="ADDRESS">x</table>',
  '<body background="ADDRESS" onload="HACK">x',
  '<input type=image src="ADDRESS">',
  '<input autofocus onfocus="HACK">',
  '<details open ontoggle="HACK"><summary>x</summary></details>',
  '<form action="ADDRESS"><button autofocus onfocus="HACK">x</button></form>',
  '<meta http-equiv=refresh content="0;url=ADDRESS">',
  '<base href="ADDRESS/">',
  '<a href="javascript:HACK" ping="ADDRESS" autofocus tabindex=0 onfocus="HACK">x</a>',
  '<marquee onstart="HACK">x</marquee>',
  '<template shadowrootmode=open><img src="ADDRESS"></template>',
  '<noscript><p title="</noscript><img src=ADDRESS onerror=HACK>">',
] as const;

/** The same inside what parsers treat in a way of their own. */
const wrappers: readonly ((markup: string) => string)[] = [
  (markup) => markup,
  (markup) => `<table><tr><td>${markup}</td></tr></table>`,
  (markup) => `<svg><desc>${markup}</desc></svg>`,
  (markup) => `<math><annotation-xml encoding="text/html">${markup}</annotation-xml></math>`,
  (markup) => `</textarea></title></style></script>${markup}`,
  (markup) => `<x-y><p>${markup}`,
];

/** A place for its own address and its own script in each piece. */
const aimed = (markup: string, at: string): string =>
  markup.replaceAll('ADDRESS', `https://chatgpt.com/canary/${at}`).replaceAll('HACK', 'window.hacked=1');

/** Markup that asks for `https://chatgpt.com/canary/<number>` or calls `window.hacked`, 240 pieces. */
export const hostilePieces: readonly string[] = vectors.flatMap((vector, at) =>
  wrappers.map((wrap, kind) => aimed(wrap(vector), `${String(at)}-${String(kind)}`)),
);

/** Other spellings of the same markup, all of which a parser takes. */
const spellings: readonly ((markup: string) => string)[] = [
  (markup) => markup,
  (markup) =>
    markup.replaceAll(/<(\/?)([a-z]+)/gu, (_, slash: string, name: string) => `<${slash}${name.toUpperCase()}`),
  (markup) => markup.replaceAll(/<([a-z]+) /gu, '<$1/\n'),
  (markup) => markup.replace(/>$/u, ''),
];

/** The same in two wrappers, one in the other, in each spelling: 5,760 pieces. */
export const nestedPieces: readonly string[] = vectors.flatMap((vector, at) =>
  wrappers.flatMap((outer, first) =>
    wrappers.flatMap((inner, second) =>
      spellings.map((spell, third) =>
        aimed(spell(outer(inner(vector))), `nested-${[at, first, second, third].join('-')}`),
      ),
    ),
  ),
);

const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40" onload="window.hacked=1">
<script>window.hacked=1</script><image href="https://chatgpt.com/canary/svg" width="9" height="9"/>
<style>@import url(https://chatgpt.com/canary/svg-style);</style><rect width="80" height="40" fill="teal"/></svg>`;

/** A run may show a hundred things. */
const AT_ONCE = 80;

const showing = (pieces: readonly string[], more: string): Scene['steps'][number] => ({
  kind: 'call',
  form: 'whole',
  code: `import json
from IPython.display import HTML, SVG, display
for piece in json.loads(${JSON.stringify(JSON.stringify(pieces))}):
    display(HTML(piece))
${more}
print("shown")
`,
  result: { text: 'shown', delayMs: 300 },
});

export const hostileMarkup: Scene = {
  name: 'hostile markup',
  prompt: 'Show me every kind of markup.',
  title: 'Hostile markup',
  isShown: false,
  steps: [
    showing(hostilePieces.slice(0, AT_ONCE), `display(SVG(${JSON.stringify(drawing)}))`),
    showing(hostilePieces.slice(AT_ONCE, 2 * AT_ONCE), ''),
    showing(hostilePieces.slice(2 * AT_ONCE), ''),
    { kind: 'text', channel: 'final', text: 'All of it was shown.' },
  ],
};
