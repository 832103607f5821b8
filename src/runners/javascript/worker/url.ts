interface Asked {
  readonly href: string;
  readonly base?: string;
  readonly set?: { readonly name: string; readonly value: string };
}

const PARTS = [
  'href',
  'origin',
  'protocol',
  'username',
  'password',
  'host',
  'hostname',
  'port',
  'pathname',
  'search',
  'hash',
] as const;

/** Answers the guest's questions of URLs by the browser's own parser, kept before the worker loses it. JSON, never throws. */
export function createUrlParts(): (request: string) => string {
  const Parser = URL;
  return (request) => {
    try {
      const { href, base, set } = JSON.parse(request) as Asked;
      const url = new Parser(href, base);
      if (set) (url as unknown as Record<string, string>)[set.name] = set.value;
      return JSON.stringify(Object.fromEntries(PARTS.map((name) => [name, url[name]])));
    } catch {
      return 'null'; // the answer: no URL
    }
  };
}
