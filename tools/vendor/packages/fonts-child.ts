/** Arguments: folder of Pyodide, index and image of the packages, place for the list. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { mountImage, type ImageIndex } from '../../../src/runners/python/heap/index.ts';
import { loadPyodideFrom } from '../heap/node-pyodide.ts';

const [pyodideFolder = '', index = '', image = '', target = ''] = process.argv.slice(2);

/** The scan's order is the file system's; sorted, two builds give the same bytes. */
const LIST = `
import json, matplotlib.font_manager as fonts
fonts.json_dump(fonts.FontManager(), "/tmp/fontlist.json")
with open("/tmp/fontlist.json") as file: listed = json.load(file)
for kind in ("ttflist", "afmlist"): listed[kind].sort(key=lambda entry: entry["fname"])
json.dumps(listed, indent=1, sort_keys=True)
`;

const pyodide = await loadPyodideFrom(pyodideFolder, { env: { HOME: '/home/pyodide', MPLBACKEND: 'agg' } });
mountImage(
  pyodide._module,
  JSON.parse(await readFile(index, 'utf8')) as ImageIndex,
  new Uint8Array(await readFile(image)),
);
pyodide.runPython('import importlib; importlib.invalidate_caches()');
await writeFile(target, String(pyodide.runPython(LIST)));
await rm(image);
await rm(index);
