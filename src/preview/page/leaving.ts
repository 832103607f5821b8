import type { Whereabouts } from './whereabouts.ts';

/** Takes presses of links, forms and pages that lead on by themselves to the host: this frame goes nowhere by itself. */
export function installLeaving(scope: Window & typeof globalThis, where: Whereabouts): void {
  const { document } = scope;
  scope.addEventListener('click', (event) => {
    const link = event.composedPath().find((at) => at instanceof Element && at.matches('a[href],area[href]'));
    if (event.defaultPrevented || !(link instanceof Element)) return;
    const address = link.getAttribute('href') ?? '';
    if (/^\s*javascript:/i.test(address)) return;
    event.preventDefault();
    where.go(
      address.startsWith('#') ? where.url.href.split('#', 1)[0] + (address === '#' ? '#top' : address) : address,
    );
  });
  const submit = (form: HTMLFormElement, submitter: HTMLElement | null): void => {
    const said = (name: string): string => submitter?.getAttribute(`form${name}`) ?? form.getAttribute(name) ?? '';
    const content = new FormData(form, submitter);
    const address = said('action') === '' ? where.url : new URL(said('action'), document.baseURI);
    const isPost = said('method').toLowerCase() === 'post';
    const fields = new URLSearchParams(
      [...content].map(([name, value]) => [name, typeof value === 'string' ? value : value.name]),
    );
    if (!isPost) {
      address.search = fields.toString();
      return where.go(address.href);
    }
    const body = new Response(said('enctype').toLowerCase() === 'multipart/form-data' ? content : fields);
    const type = body.headers.get('content-type') ?? '';
    void body
      .arrayBuffer()
      .then((bytes) =>
        where.go(address.href, { method: 'POST', headers: [['content-type', type]], body: new Uint8Array(bytes) }),
      );
  };
  scope.addEventListener('submit', (event) => {
    if (event.defaultPrevented || !(event.target instanceof HTMLFormElement)) return;
    if ((event.submitter?.getAttribute('formmethod') ?? event.target.method) === 'dialog') return;
    event.preventDefault();
    submit(event.target, event.submitter);
  });
  scope.HTMLFormElement.prototype.submit = function submitForm() {
    submit(this, null);
  };
  const refresh = (): void => {
    const asked = document.documentElement.dataset['previewRefresh'];
    if (asked === undefined) return;
    const [seconds = '0', ...address] = asked.split(' ');
    setTimeout(() => where.go(address.join(' ') || document.baseURI), Math.min(Number(seconds), 86_400) * 1000);
  };
  scope.addEventListener('DOMContentLoaded', refresh, { once: true });
}
