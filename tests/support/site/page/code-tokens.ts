import { element } from './element.ts';

const token = /("[^"\n]*"|'[^'\n]*'|#.*|\/\/.*|[A-Za-z_]\w*|\d[\d.]*|\s+|.)/gu;

/** The colours of the page's viewer are classes without meaning for others. */
const classes = ['ͼn', 'ͼt', 'ͼq'] as const;

/** One line of code as the page colours it: a span a token. */
export function lineTokens(line: string): HTMLElement[] {
  return [...line.matchAll(token)].map(([text], index) => {
    const isWord = /^\w/u.test(text);
    return element('span', isWord ? { class: classes[index % classes.length] ?? '' } : {}, text);
  });
}
