import type { Desk } from './desk.ts';

/** `document.cookie`: the jar is the host's, and its word counts; until it comes a script sees what it set itself. */
export function installCookies({ document }: Window, desk: Desk, atStart: string): void {
  let cookies = atStart;
  desk.onCookies = (told) => {
    cookies = told;
  };
  Object.defineProperty(document, 'cookie', {
    configurable: true,
    get: () => cookies,
    set: (value: unknown) => {
      const text = String(value);
      if (desk.tell({ op: 'cookie', text })) cookies = withCookie(cookies, text);
    },
  });
}

/**
 * What a jar would say with this cookie, as far as one can tell by its name and whether it is over. One without `=` is all value, of
 * the empty name; without either it is none.
 */
export function withCookie(cookies: string, text: string): string {
  const [first = '', ...attributes] = text.split(';').map((part) => part.trim());
  const { name, pair } = partsOf(first.replace(/^=/, ''));
  if (pair === '') return cookies;
  const others = cookies.split('; ').filter((each) => each !== '' && partsOf(each).name !== name);
  return attributes.some(isOver) ? others.join('; ') : [...others, pair].join('; ');
}

function partsOf(written: string): { readonly name: string; readonly pair: string } {
  const at = written.indexOf('=');
  if (at <= 0) return { name: '', pair: written.trim() };
  const name = written.slice(0, at).trim();
  return { name, pair: `${name}=${written.slice(at + 1).trim()}` };
}

function isOver(attribute: string): boolean {
  const [name = '', value = ''] = attribute.split('=');
  if (/^max-age$/i.test(name)) return /^-?\d+$/.test(value) && Number(value) <= 0;
  return /^expires$/i.test(name) && Date.parse(value) <= Date.now();
}
