import path from 'node:path';
import type { Browser } from 'puppeteer-core';

/** Files that pages of a browser save. */
export interface Downloads {
  /** Does something that saves a file and answers with the file's path once it is whole. */
  during(act: () => Promise<void>): Promise<string>;
}

/** Chromium only: the browser tells when a download is complete. Files land in `folder`, which stays the caller's. */
export async function watchDownloads(browser: Browser, folder: string): Promise<Downloads> {
  const session = await browser.target().createCDPSession();
  await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder, eventsEnabled: true });
  return {
    async during(act) {
      const names = new Map<string, string>();
      const saved = new Promise<string>((resolve, reject) => {
        session.on('Browser.downloadWillBegin', ({ guid, suggestedFilename }) => {
          names.set(guid, suggestedFilename);
        });
        session.on('Browser.downloadProgress', ({ guid, state, filePath }) => {
          if (state === 'completed') resolve(filePath ?? path.join(folder, names.get(guid) ?? guid));
          if (state === 'canceled') reject(new Error(`the download of ${names.get(guid) ?? guid} was cancelled`));
        });
      });
      try {
        await act();
        return await saved;
      } finally {
        session.removeAllListeners();
      }
    },
  };
}
