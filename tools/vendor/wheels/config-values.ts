/** Prints the configuration of the interpreter inside Pyodide as JSON; argument: folder of Pyodide. */
import { loadPyodideFrom } from '../heap/node-pyodide.ts';

const pyodide = await loadPyodideFrom(process.argv[2] ?? '');
const values = pyodide.runPython('import json, sysconfig; json.dumps(sysconfig.get_config_vars(), default=str)');
process.stdout.write(String(values));
