import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram } from '../../../tools/find-program.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The absolute folder of a built extension; throws a sentence with the command when it was not built. */
export function extensionFolder(relative: string): string {
  const folder = path.resolve(root, relative);
  if (!existsSync(path.join(folder, 'manifest.json'))) {
    throw new Error(`${folder} holds no built extension; run: npm run build`);
  }
  return folder;
}

/** The first of these programs that is there; throws a sentence with the command otherwise. */
export function browserProgram(variable: string, candidates: readonly string[], packageName: string): string {
  const named = process.env[variable];
  const found = findProgram([...(named === undefined ? [] : [named]), ...candidates]);
  if (found === undefined)
    throw new Error(`There is no ${packageName} on this machine; install it with: apt-get install ${packageName}`);
  return found;
}

export const chromiumPrograms = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
export const firefoxPrograms = ['firefox-esr', 'firefox', '/Applications/Firefox.app/Contents/MacOS/firefox'];
