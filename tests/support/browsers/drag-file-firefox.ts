import { basename } from 'node:path';
import type { Browser } from 'puppeteer-core';

/** What puppeteer's own connection is good for besides; its types do not tell of it. */
interface BidiConnection {
  send(method: string, parameters: object): Promise<{ readonly result: unknown }>;
}
interface ChromeContext {
  readonly context: string;
  readonly url: string;
}

/**
 * Runs with the browser's own rights beside the page in front: a drag without the window system's, which a browser without a
 * screen has none of. The events are the browser's own for the page and for us, the data those of a file of the disk.
 */
const DRAG = `addMessageListener('companion:drag', ({ data: { file, name, x, y, steps } }) => {
  const copy = new content.File([file], name);
  // Made with the page's rights: nobody there may read what the browser's own code put in.
  const sandbox = Cu.Sandbox(content, { sandboxPrototype: content, wantXrays: false });
  const fill = Cu.evalInSandbox('(file) => { const data = new DataTransfer(); data.items.add(file); return data; }', sandbox);
  const data = fill(copy);
  for (const type of steps) {
    const target = content.document.elementFromPoint(x, y);
    const event = content.document.createEvent('DragEvent');
    event.initDragEvent(type, true, true, content, 0, x, y, x, y, false, false, false, false, 0, null, data);
    content.windowUtils.dispatchDOMEventViaPresShellForTesting(target, event);
  }
  sendAsyncMessage('companion:dragged');
});`;

/** Runs in the browser's own window, whose objects the types of a page do not know. */
const START = `async (path, name, x, y, steps) => {
  const file = await File.createFromFileName(path);
  const manager = gBrowser.selectedBrowser.messageManager;
  manager.loadFrameScript('data:,' + encodeURIComponent(${JSON.stringify(DRAG)}), false);
  const done = new Promise((settle) => manager.addMessageListener('companion:dragged', settle));
  manager.sendAsyncMessage('companion:drag', { file, name, x, y, steps: steps.split(' ') });
  await done;
}`;

/** Drags a file of the disk over the page in front and lets go of it there. The Firefox counterpart of `dragFile`. */
export async function dragFileInFirefox(
  browser: Browser,
  file: string,
  at: { readonly x: number; readonly y: number },
): Promise<void> {
  const { connection } = browser as unknown as { readonly connection: BidiConnection };
  const tree = await connection.send('browsingContext.getTree', { 'moz:scope': 'chrome' });
  const { contexts } = tree.result as { readonly contexts: readonly ChromeContext[] };
  const window = contexts.find(({ url }) => url.endsWith('/browser.xhtml'));
  if (window === undefined) throw new Error('Firefox shows no window of its own');
  const given = (value: string | number) => ({ type: typeof value, value });
  const { result } = await connection.send('script.callFunction', {
    functionDeclaration: START,
    awaitPromise: true,
    target: { context: window.context },
    arguments: [given(file), given(basename(file)), given(at.x), given(at.y), given('dragenter dragover drop')],
  });
  const { type, exceptionDetails } = result as {
    readonly type: string;
    readonly exceptionDetails?: { readonly text: string };
  };
  if (type !== 'success') throw new Error(`the file could not be dragged: ${exceptionDetails?.text ?? type}`);
}
