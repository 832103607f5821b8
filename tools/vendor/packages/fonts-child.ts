/** Arguments: folder of Pyodide, index and image of the packages, place for the list. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { mountImage, type ImageIndex } from '../../../src/runners/python/heap/index.ts';
import { loadPyodideFrom } from '../heap/node-pyodide.ts';

const [pyodideFolder = '', index = '', image = '', target = ''] = process.argv.slice(2);

/** Families that stand for others: of the same widths, or with the letters that are asked of them. */
const ALIASES = {
  'Liberation Sans': ['Arial', 'Helvetica', 'Helvetica Neue', 'FreeSans', 'Nimbus Sans'],
  'Liberation Serif': ['Times New Roman', 'Times', 'FreeSerif', 'Nimbus Roman'],
  'Liberation Mono': ['Courier New', 'Courier', 'FreeMono'],
  'WenQuanYi Micro Hei': [
    ...['SimHei', 'SimSun', 'Microsoft YaHei', 'Microsoft JhengHei', 'PingFang SC', 'PingFang TC', 'PingFang HK'],
    ...['Heiti SC', 'Heiti TC', 'STHeiti', 'WenQuanYi Zen Hei', 'Arial Unicode MS', 'Droid Sans Fallback'],
    ...['SC', 'TC', 'HK', 'JP', 'KR'].flatMap((region) => [`Noto Sans CJK ${region}`, `Noto Sans ${region}`]),
    ...['SC', 'TC', 'JP', 'KR'].map((region) => `Source Han Sans ${region}`),
    ...['IPAexGothic', 'IPAGothic', 'IPAPGothic', 'TakaoGothic', 'TakaoPGothic', 'VL Gothic', 'MS Gothic', 'Yu Gothic'],
    ...['Meiryo', 'Hiragino Sans', 'Hiragino Maru Gothic Pro', 'Malgun Gothic', 'NanumGothic', 'AppleGothic'],
  ],
};

/**
 * The scan's order is the file system's; sorted, two builds give the same bytes. A font that lies in several places is listed
 * once.
 */
const LIST = `
import json, matplotlib.font_manager as fonts
fonts.json_dump(fonts.FontManager(), "/tmp/fontlist.json")
with open("/tmp/fontlist.json") as file: listed = json.load(file)
again = ("/truetype/dejavu/", "/truetype/liberation2/", "/truetype/msttcorefonts/", "/truetype/freefont/", "/noto/")
listed["ttflist"] = [entry for entry in listed["ttflist"] if not any(part in entry["fname"] for part in again)]
aliases = json.loads(${JSON.stringify(JSON.stringify(ALIASES))})
listed["ttflist"] += [dict(entry, name=alias) for entry in listed["ttflist"] for alias in aliases.get(entry["name"], ())]
for kind in ("ttflist", "afmlist"): listed[kind].sort(key=lambda entry: (entry["fname"], entry["name"]))
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
