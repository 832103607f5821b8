import type { Page } from 'puppeteer-core';
import type { PreviewState } from '../../../src/ui/preview/preview-state.ts';
import { type BrowserName, type Fixture, launchFixture, type LaunchOptions } from '../box/extension.ts';
import type { AskedServer, StreamedServer } from './host.ts';
import { type GuestPages, type GuestServer, startGuestServer } from './guest-server.ts';

declare const host: PreviewState;
declare function takeStreamed(id: string, event: StreamedServer): void;

/** The preview of a server of the test in a browser, as the workbench shows one. */
export interface ShownPage {
  readonly fixture: Fixture;
  readonly server: GuestServer;
  /** The page around the preview; its `host` is the state. */
  readonly page: Page;
  /** Waits until a page with this title is shown. */
  titled(title: string): Promise<void>;
  /** Goes there from anywhere, and waits for that page as it begins. */
  show(path: string, title: string): Promise<void>;
  close(): Promise<void>;
}

export async function openShownPage(
  name: BrowserName,
  pages?: GuestPages,
  options: LaunchOptions = {},
): Promise<ShownPage> {
  const server = await startGuestServer(pages);
  const fixture = await launchFixture(name, options);
  const page = await fixture.open('preview-host.html');
  await page.exposeFunction('askServer', server.ask);
  const leaving = new Map<string, () => void>();
  await page.exposeFunction('streamServer', (id: string, asked: AskedServer) => {
    // One after the other, as they came.
    let last: Promise<unknown> = Promise.resolve();
    const leave = server.stream(asked, (event) => {
      last = last.then(() => page.evaluate((to, said) => takeStreamed(to, said), id, event)).catch(() => undefined); // the page is closed
    });
    leaving.set(id, leave);
  });
  await page.exposeFunction('leaveServer', (id: string) => leaving.get(id)?.());
  const titled = async (title: string): Promise<void> => {
    await page.waitForFunction(
      (wanted) => host.title.value === wanted && host.shown.value.kind === 'page',
      { polling: 20 },
      title,
    );
  };
  return {
    fixture,
    server,
    page,
    titled,
    show: async (path, title) => {
      await page.evaluate(
        (port, to) => {
          host.title.value = '';
          host.port.value = port;
          host.goTo(to);
        },
        server.port,
        path,
      );
      await titled(title);
    },
    close: async () => {
      await fixture.close();
      await server.close();
    },
  };
}
