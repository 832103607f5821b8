/**
 * Builds the Linux images into public/vendor/linux: `npm run build:linux`. Its parts lie in
 * ~/.cache/chatgpt-companion (or COMPANION_CACHE) and are made again only when what they are made from changes. With `-- --renew` it pins the packages anew instead, with
 * `-- --twice` it compiles the kernel once more and compares. `-- --pack` makes the tool pack instead, compares it with the list in git
 * and says where it is; with `--list` it writes that list, with `--renew` it pins the pack's packages anew.
 */
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareKernels } from './linux/kernel.ts';
import { renewPins } from './linux/resolve.ts';
import { renewToolPackPins } from './linux/tool-pack-pins.ts';
import { buildToolPack, compareToolPack, listToolPack } from './linux/tool-pack.ts';
import { vendorLinux } from './linux/vendor-linux.ts';
import { VendorError } from './vendor/fatal.ts';
import { ROOT } from './vendor/paths.ts';

const say = (line: string): void => {
  console.log(line);
};

const FLAG = { type: 'boolean' } as const;

/** Puts the pack beside the built extensions, by the name that the list has. */
async function makeToolPack(writesList: boolean | undefined): Promise<void> {
  const built = await buildToolPack(say);
  if (writesList) await listToolPack(built);
  else await compareToolPack(built);
  const folder = join(ROOT, 'extension');
  await mkdir(folder, { recursive: true });
  const place = join(folder, built.row.name);
  await copyFile(built.path, place);
  say(`linux: ${place} (${(built.row.bytes / 1e6).toFixed(1)} MB, SHA-256 ${built.row.sha256})`);
}

// The guest's files have modes of their own, whatever those of whoever builds are.
process.umask(0o022);
try {
  const { values } = parseArgs({ options: { renew: FLAG, twice: FLAG, pack: FLAG, list: FLAG } });
  if (values.pack) await (values.renew ? renewToolPackPins().then(say) : makeToolPack(values.list));
  else if (values.renew) say(await renewPins());
  else await vendorLinux(say);
  if (values.twice) say(await compareKernels(say));
} catch (error) {
  if (!(error instanceof VendorError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
