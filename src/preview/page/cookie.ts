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

/** What a jar would say with this cookie, as far as one can tell by its name and whether it is over. */
function withCookie(cookies: string, text: string): string {
  const [pair = '', ...attributes] = text.split(';').map((part) => part.trim());
  const name = pair.slice(0, pair.indexOf('=') + 1);
  const others = cookies.split('; ').filter((each) => each !== '' && !each.startsWith(name));
  return name === '' || attributes.some(isOver) ? others.join('; ') : [...others, pair].join('; ');
}

function isOver(attribute: string): boolean {
  const [name = '', value = ''] = attribute.split('=');
  if (/^max-age$/i.test(name)) return Number(value) <= 0;
  return /^expires$/i.test(name) && Date.parse(value) <= Date.now();
}
