import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { licenceText } from './licence-text.ts';

const ROOT = join(import.meta.dirname, '..');

/** Installed for the extension, yet no part of it: types, and what Pyodide wants of Node only. */
const LEFT_OUT = /^(@types\/|ws$)/;

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions: The above copyright notice and
this permission notice shall be included in all copies or substantial portions of the Software. THE SOFTWARE IS PROVIDED
"AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT
HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

const XTERM = `Copyright (c) 2017-2019, The xterm.js authors (https://github.com/xtermjs/xterm.js)
Copyright (c) 2014-2016, SourceLair Private Company (https://www.sourcelair.com)
Copyright (c) 2012-2013, Christopher Jeffrey (https://github.com/chjj/)\n\n${MIT}`;

/** Packages that ship no text of their licence: where it stands instead. */
const TEXT_ELSEWHERE: Readonly<Record<string, string>> = {
  pyodide: 'See vendor/python/LICENCES.txt.',
  'ansi-sequence-parser': `MIT License\n\nCopyright (c) blake-mealey\n\n${MIT}`,
  '@xterm/headless': XTERM,
  '@xterm/addon-serialize': XTERM,
};

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** The text of its licence. */
  readonly text: string;
}

interface Lock {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly version?: string;
        readonly license?: string;
        readonly dev?: boolean;
        readonly devOptional?: boolean;
        readonly optional?: boolean;
      }
    >
  >;
}

/**
 * Every package of npm that the extension is made of, those that others brought along too, by name. Throws where one names no
 * licence or ships no text of it: then somebody has to look.
 */
export function bundledPackages(): BundledPackage[] {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
  return Object.entries(lock.packages).flatMap(([folder, { version, license, dev, devOptional, optional }]) => {
    const name = folder.replace(/^.*node_modules\//, '');
    if (folder === '' || dev || devOptional || optional || LEFT_OUT.test(name)) return [];
    if (version === undefined || license === undefined) throw new Error(`${name} names no version or licence`);
    return [{ name, version, licence: license, text: textOf(name, folder) }];
  });
}

function textOf(name: string, folder: string): string {
  const text = licenceText(join(ROOT, folder)) ?? TEXT_ELSEWHERE[name];
  if (text === undefined) throw new Error(`${name} ships no text of its licence; it must be added by hand`);
  return text;
}

/** What ships as LICENCES.txt: this project's licence and notice, then those of the packages in its scripts. */
export function licencesOfTheExtension(): string {
  const own = ['LICENSE', 'NOTICE'].map((file) => readFileSync(join(ROOT, file), 'utf8').trim());
  const others = bundledPackages().map(
    ({ name, version, licence, text }) => `${name} ${version} (${licence})\n\n${text}`,
  );
  return `${[...own, ...others].join('\n\n----\n\n')}\n`;
}
