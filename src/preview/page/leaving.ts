import type { PreviewRequest } from '../../contracts/preview.ts';
import type { Desk } from './desk.ts';
import type { Files } from './files.ts';

/** Takes presses of links, forms and the page's history to the host: this frame goes nowhere by itself. */
export function installLeaving(scope: Window & typeof globalThis, desk: Desk, files: Files): void {
  const { document } = scope;
  const go = (address: string, request?: Omit<PreviewRequest, 'path'>): void => {
    const url = files.own(address, document.baseURI);
    if (url) desk.tell({ op: 'go', request: { ...(request ?? GET), path: url.pathname + url.search } });
    else if (URL.canParse(address, document.baseURI))
      desk.tell({ op: 'outside', address: new URL(address, document.baseURI).href });
  };
  scope.addEventListener('click', (event) => {
    const link = event.composedPath().find((at) => at instanceof Element && at.matches('a[href],area[href]'));
    if (event.defaultPrevented || !(link instanceof Element)) return;
    const address = link.getAttribute('href') ?? '';
    if (/^\s*javascript:/i.test(address)) return;
    event.preventDefault();
    if (address.startsWith('#')) return scrollTo(document, address);
    go(address);
  });
  const submit = (form: HTMLFormElement, submitter: HTMLElement | null): void => {
    const said = (name: string): string => submitter?.getAttribute(`form${name}`) ?? form.getAttribute(name) ?? '';
    const content = new FormData(form, submitter);
    const address = new URL(said('action'), document.baseURI);
    const isPost = said('method').toLowerCase() === 'post';
    const fields = new URLSearchParams(
      [...content].map(([name, value]) => [name, typeof value === 'string' ? value : value.name]),
    );
    if (!isPost) {
      address.search = fields.toString();
      return go(address.href);
    }
    const body = new Response(said('enctype').toLowerCase() === 'multipart/form-data' ? content : fields);
    const type = body.headers.get('content-type') ?? '';
    void body
      .arrayBuffer()
      .then((bytes) =>
        go(address.href, { method: 'POST', headers: [['content-type', type]], body: new Uint8Array(bytes) }),
      );
  };
  scope.addEventListener('submit', (event) => {
    if (event.defaultPrevented || !(event.target instanceof HTMLFormElement)) return;
    event.preventDefault();
    submit(event.target, event.submitter);
  });
  scope.HTMLFormElement.prototype.submit = function submitForm() {
    submit(this, null);
  };
  for (const name of ['pushState', 'replaceState'] as const) {
    const plain = scope.history[name].bind(scope.history);
    scope.History.prototype[name] = (state: unknown, _unused: string, address?: string | URL | null) => {
      plain(state, '');
      const url = address == null ? null : files.own(String(address), document.baseURI);
      if (url) desk.tell({ op: 'address', path: url.pathname + url.search });
    };
  }
  const refresh = (): void => {
    const asked = document.documentElement.dataset['previewRefresh'];
    if (asked === undefined) return;
    const [seconds = '0', ...address] = asked.split(' ');
    setTimeout(() => go(address.join(' ') || document.baseURI), Math.min(Number(seconds), 86_400) * 1000);
  };
  scope.addEventListener('DOMContentLoaded', refresh, { once: true });
}

const GET = { method: 'GET', headers: [], body: null } as const;

function scrollTo(document: Document, fragment: string): void {
  const name = fragment.slice(1);
  const at = document.getElementById(name) ?? document.getElementById(decodeURIComponent(name));
  if (at) at.scrollIntoView();
  else if (name === '' || name === 'top') document.documentElement.scrollIntoView();
}
