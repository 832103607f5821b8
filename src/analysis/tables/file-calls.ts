import type { ParsedLanguage } from '../../contracts/analysis.ts';
import type { CallFact } from '../tree/facts.ts';

type Use = 'read' | 'write' | 'both';

const names = (text: string): readonly string[] => text.split(' ').filter((name) => name !== '');

const table = (uses: Readonly<Record<Use, string>>): ReadonlyMap<string, Use> =>
  new Map(
    (Object.entries(uses) as [Use, string][]).flatMap(([use, list]) => names(list).map((name) => [name, use] as const)),
  );

/** Calls by their whole name. The path is the first argument. */
const PYTHON_CALLS = table({
  read: 'os.listdir os.scandir os.walk os.stat glob.glob glob.iglob numpy.load numpy.loadtxt numpy.genfromtxt numpy.fromfile pandas.read_csv pandas.read_excel pandas.read_json pandas.read_parquet pandas.read_pickle pandas.read_table pandas.read_feather pandas.read_hdf pandas.read_xml pandas.read_html pandas.read_fwf pandas.read_stata pandas.read_spss pandas.read_sas pandas.ExcelFile PIL.Image.open cv2.imread matplotlib.pyplot.imread imageio.imread openpyxl.load_workbook docx.Document pypdf.PdfReader joblib.load torch.load linecache.getline fileinput.input configparser.ConfigParser().read polars.read_csv polars.read_parquet mmap.mmap runpy.run_path xml.etree.ElementTree.parse lxml.etree.parse',
  write:
    'os.remove os.unlink os.rmdir os.removedirs os.mkdir os.makedirs os.symlink os.link os.truncate os.chmod os.chown os.utime shutil.rmtree numpy.save numpy.savetxt numpy.savez numpy.savez_compressed cv2.imwrite imageio.imwrite matplotlib.pyplot.imsave matplotlib.pyplot.savefig joblib.dump torch.save xlsxwriter.Workbook pandas.ExcelWriter tempfile.NamedTemporaryFile tempfile.TemporaryFile tempfile.mkstemp tempfile.mkdtemp tempfile.mktemp tempfile.TemporaryDirectory',
  both: 'os.rename os.replace os.open shutil.copy shutil.copy2 shutil.copyfile shutil.copytree shutil.move shutil.make_archive shutil.unpack_archive sqlite3.connect shelve.open dbm.open',
});

/** Methods of whatever they are called on. Those of `NEED_PATH` only with an argument. */
const PYTHON_METHODS = table({
  read: '.read_text .read_bytes .iterdir .rglob',
  write:
    '.write_text .write_bytes .to_csv .to_excel .to_json .to_parquet .to_pickle .to_hdf .to_feather .to_html .to_latex .to_markdown .to_xml .to_stata .savefig .save .extractall .unlink .rmdir .tofile .write_html .write_image .save_model .touch',
  both: '',
});
const NEED_PATH = new Set(
  names('.to_csv .to_json .to_html .to_latex .to_markdown .to_xml .save .savefig .to_excel .to_pickle .to_parquet'),
);

const MODE_CALLS = new Map<string, number>([
  ['open', 1],
  ['gzip.open', 1],
  ['bz2.open', 1],
  ['lzma.open', 1],
  ['zipfile.ZipFile', 1],
  ['tarfile.open', 1],
  ['wave.open', 1],
  ['h5py.File', 1],
  ['os.fdopen', 1],
  ['pathlib.Path().open', 0],
  ['io.open', 1],
]);

const SCRIPT_CALLS = table({
  read: 'readFile readdir createReadStream stat lstat access existsSync opendir exists Deno.readTextFile Deno.readFile Deno.readDir Deno.readTextFileSync Bun.file',
  write:
    'writeFile appendFile mkdir mkdtemp rm rmdir unlink createWriteStream truncate chmod chown symlink link outputFile writeJson remove emptyDir Deno.writeTextFile Deno.writeFile Deno.remove Deno.mkdir Deno.writeTextFileSync Bun.write rimraf',
  both: 'rename copyFile cp open move copy Deno.rename Deno.copyFile Deno.open',
});

const LUA_CALLS = table({
  read: 'io.lines io.input dofile loadfile lfs.dir lfs.attributes',
  write: 'io.output os.remove os.tmpname lfs.mkdir lfs.rmdir',
  both: 'os.rename',
});

const FS_MODULES = ['fs.promises.', 'fs.', 'fs-extra.', 'graceful-fs.'];

function scriptName(name: string): string {
  const module = FS_MODULES.find((prefix) => name.startsWith(prefix));
  if (module === undefined) return name;
  const own = name.slice(module.length);
  return own.endsWith('Sync') && own !== 'existsSync' ? own.slice(0, -4) : own;
}

function isMode(mode: string): Use {
  if (mode.includes('+')) return 'both';
  return /[wax]/u.test(mode) ? 'write' : 'read';
}

/** What the mode argument of an opening call says; a mode that is computed may be anything. */
function modeUse(call: CallFact, index: number): Use {
  const plain = call.args.filter(({ keyword }) => keyword === null);
  const mode = call.args.find(({ keyword }) => keyword === 'mode') ?? plain[index];
  if (!mode) return 'read';
  return mode.literal?.isWhole === true ? isMode(mode.literal.text) : 'both';
}

const MEMORY = /^(:memory:|file::memory:|https?:|s3:|ftp:)/u;

/** Their path is the second argument. */
const SECOND_PATH = new Set(['urllib.request.urlretrieve']);

/** Which of the arguments by position is the path. */
export const pathIndex = (call: CallFact): number => (SECOND_PATH.has(call.name) ? 1 : 0);

function pythonUse(call: CallFact): Use | null {
  const mode = MODE_CALLS.get(call.name);
  if (mode !== undefined) return call.args.length === 0 ? null : modeUse(call, mode);
  if (SECOND_PATH.has(call.name)) return 'write';
  const use = PYTHON_CALLS.get(call.name) ?? pythonMethodUse(call);
  return use === null || MEMORY.test(call.args[0]?.literal?.text ?? '') ? null : use;
}

/** `.read` of `a.b.read`; '' for a plain name. */
function methodOf(name: string): string {
  const point = name.lastIndexOf('.');
  return point < 0 ? '' : name.slice(point);
}

function pythonMethodUse(call: CallFact): Use | null {
  const method = methodOf(call.name);
  const use = PYTHON_METHODS.get(method);
  if (!use || (NEED_PATH.has(method) && call.args.length === 0)) return null;
  // `io.BytesIO()` and `sys.stdout` are no files
  return isStream(call) ? null : use;
}

const STREAMS = ['io.BytesIO', 'io.StringIO', 'sys.stdout', 'sys.stderr', 'BytesIO', 'StringIO'];

function isStream(call: CallFact): boolean {
  return STREAMS.some((stream) => call.args[0]?.name?.startsWith(stream) === true);
}

/** Whether calls of a name may work on files. */
export function mayUseFiles(language: ParsedLanguage, name: string): boolean {
  if (language === 'lua') return name === 'io.open' || LUA_CALLS.has(name);
  if (language !== 'python') return SCRIPT_CALLS.has(scriptName(name));
  const isNamed = MODE_CALLS.has(name) || SECOND_PATH.has(name) || PYTHON_CALLS.has(name);
  return isNamed || PYTHON_METHODS.has(methodOf(name));
}

/** What a call does with files; null where it touches none, as far as can be seen. */
export function fileUseOf(language: ParsedLanguage, call: CallFact): Use | null {
  if (language === 'python') return pythonUse(call);
  return language === 'lua' ? luaUse(call) : scriptUse(call);
}

/** Without an argument these work on the standard streams. */
const LUA_STREAMS = new Set(['io.input', 'io.output', 'io.lines']);

function luaUse(call: CallFact): Use | null {
  if (call.name === 'io.open') return modeUse(call, 1);
  if (LUA_STREAMS.has(call.name) && call.args.length === 0) return null;
  return LUA_CALLS.get(call.name) ?? null;
}

function scriptUse(call: CallFact): Use | null {
  const name = scriptName(call.name);
  // a plain `readFile` may be the code's own
  const isOwn = name === call.name && !/^(Deno\.|Bun\.|rimraf$)/u.test(name);
  return isOwn ? null : (SCRIPT_CALLS.get(name) ?? null);
}
