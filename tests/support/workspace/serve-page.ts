import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';

export interface ServedPage extends AsyncDisposable {
  readonly url: string;
}

async function bundle(entry: string): Promise<string> {
  const made = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  return made.outputFiles[0]?.text ?? '';
}

/**
 * A page of the loopback (a secure context, so that it has a store) with the workspace and its worker; `onTold` hears of its
 * work. `sources`: files of ours by the path under which the page has them bundled.
 */
export async function serveWorkspacePage(
  onTold: (path: string) => void = () => undefined,
  sources: Readonly<Record<string, string>> = { '/page.js': 'tests/support/workspace/page-script.ts' },
): Promise<ServedPage> {
  const scripts: Record<string, string> = {};
  for (const [path, source] of Object.entries({ ...sources, '/file-worker.ts': 'src/workspace/file-worker.ts' })) {
    scripts[path] = await bundle(join(import.meta.dirname, '../../..', source));
  }
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/done/') || request.url?.startsWith('/failed/')) onTold(request.url);
    const script = scripts[request.url ?? ''];
    response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript');
    response.end(script ?? '<!doctype html><title>workspace</title><script type="module" src="/page.js"></script>');
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
