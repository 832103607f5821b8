import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyrightFolder } from './copyrights.ts';
import { V86 } from './states.ts';
import { readLinuxPins, type GuestPackage } from './pins.ts';

const HEAD = `What the Linux machines of ChatGPT Companion are made of, with the terms of each part.

The kernel is compiled from the package linux-source-6.1 with tools/linux/kit/kernel.config, unchanged otherwise. The programs
are those of Debian 12, as its packages have them; documentation, translations and most of Perl are left out. Our own are the
agent (src/container/agent), init, python3 and its fork server (tools/linux/guest): Apache License 2.0. The emulator is v86.

Sources: each package is named below with the source package and version it was built from. All of them are on Debian's
mirrors and, for good, under https://snapshot.debian.org/package/SOURCE/VERSION/. How they are put together is written in
tools/linux of the project's repository; npm run build:linux does it again.
`;
const WHEELS_HEAD = `Packages of Python for pip, in wheels.pack: plain Python, so each is its own source. The text of its licence is in each
(*.dist-info/licenses), and with those of all others in vendor/python/LICENCES.txt.
`;
const LINE = `\n${'='.repeat(80)}\n`;

/** Writes the list of all packages that ship with their sources, and the texts of all their licences; `wheels` has a line for each of pip's. */
export async function writeLicences(
  target: string,
  folders: { readonly kernel: string; readonly bios: string; readonly disk: string },
  wheels: readonly string[],
): Promise<void> {
  const { machine, small, full } = await readLinuxPins();
  const shipped = [...new Map([...machine, ...small, ...full].map((one) => [one.name, one])).values()];
  const describe = ({ name, version, source, sourceVersion }: GuestPackage): string =>
    `${name} ${version} (source: ${source} ${sourceVersion})`;
  const list = shipped.map(describe).sort();

  const known = [
    ['v86', await readFile(join(V86, 'LICENSE'), 'utf8')],
    ['linux-source-6.1', await readFile(join(folders.kernel, 'copyright'), 'utf8')],
    ['seabios', await readFile(join(folders.bios, 'copyright'), 'utf8')],
    ...(await textsOf(join(folders.disk, 'licences/packages'))),
  ];
  // The small image's packages, and those of the disk that share the folder of another.
  const others = shipped.filter(({ name }) => !known.some(([owner]) => owner === name));
  const texts = [
    ...known,
    ...(await textsOf(await copyrightFolder(others, shipped))),
    ...(await textsOf(join(folders.disk, 'licences/common'))),
  ];
  // Packages of one source often repeat one text.
  const byText = new Map<string, string[]>();
  for (const [name = '', text = ''] of texts) byText.set(text, [...(byText.get(text) ?? []), name]);
  const chapters = [...byText].map(([text, names]) => `${LINE}${names.join(', ')}\n${LINE}\n${text.trim()}\n`);
  const pip = `${WHEELS_HEAD}\n${wheels.join('\n')}`;
  await writeFile(target, `${HEAD}\n${list.join('\n')}\n\n${pip}\n${chapters.join('')}`);
}

async function textsOf(folder: string): Promise<[name: string, text: string][]> {
  const names = (await readdir(folder)).sort();
  return Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')]));
}
