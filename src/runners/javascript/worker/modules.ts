import { belowMount, type EngineHost } from '../../kit/worker/index.ts';
import type { Located } from '../guest/host-calls.ts';
import { BUILTIN_MODULES } from '../known-packages.ts';
import { installedFile, type Wanted } from './installed.ts';
import { UNAVAILABLE } from './unavailable.ts';

interface BundledModule {
  readonly version: string;
  readonly code: string;
}

export interface ModuleHost {
  readonly host: EngineHost;
  /** JavaScript of a TypeScript file; throws with one sentence. */
  readonly strip: (code: string, file: string) => string;
  /** Names that a CommonJS module, a package or a builtin exports. */
  readonly exportNames: (id: string) => readonly string[];
  /** Why a module of Node cannot be here; empty where it is not refused. */
  readonly refusal: (name: string) => string;
}

export const PACKAGES = 'packages.json';
const MAIN = /^main\.[jt]s$/u;
const ENDINGS = ['', '.js', '.mjs', '.cjs', '.ts', '.mts', '.json', '/index.js', '/index.ts'];
const IS_MODULE = /^\s*(?:import\b[\s{*'"\w]|export\b[\s{*])/mu;
const IS_COMMON = /\b(?:module\.exports|exports\.\w|require\s*\()/u;

const BUILTINS: ReadonlySet<string> = new Set(BUILTIN_MODULES);

/** Finds what programs import: files of the conversation, bundled packages, modules of Node. */
export class Modules {
  readonly #options: ModuleHost;
  #packages: Readonly<Record<string, BundledModule>> | null = null;

  constructor(options: ModuleHost) {
    this.#options = options;
  }

  get hasPackages(): boolean {
    return this.#packages !== null;
  }

  takePackages(bytes: Uint8Array): void {
    this.#packages = JSON.parse(new TextDecoder().decode(bytes)) as Readonly<Record<string, BundledModule>>;
  }

  #bundled(name: string): BundledModule | undefined {
    if (!this.#packages) {
      const bytes = this.#options.host.loadPartSync(PACKAGES);
      if (bytes) this.takePackages(bytes);
    }
    return this.#packages && Object.hasOwn(this.#packages, name) ? this.#packages[name] : undefined;
  }

  /** Where a specifier leads, seen from a file; an id already found leads to itself. */
  locate(specifier: string, from: string, by: Wanted['by'] = 'require'): Located {
    if (specifier.startsWith('package:'))
      return { kind: 'package', id: specifier.slice('package:'.length), property: null };
    if (/^(?:\.{0,2}\/|file:\/\/|\.{1,2}$)/u.test(specifier))
      return this.#locateFile(specifier.replace(/^file:\/\//u, ''), from);
    const bare = specifier.replace(/^node:/u, '');
    if (BUILTINS.has(bare)) return { kind: 'builtin', id: `node:${bare}` };
    const refused = this.#options.refusal(bare);
    if (refused !== '')
      return missing(`The Node module '${bare}' cannot be used here: ${refused}.`, 'ERR_UNKNOWN_BUILTIN_MODULE');
    return this.#locateInstalled({ name: bare, from, by }) ?? this.#locatePackage(bare);
  }

  /** What `npm install` in the shell put there. */
  #locateInstalled({ name, from, by }: Wanted): Located | null {
    const { host } = this.#options;
    const { mountPath } = host;
    const below = (path: string): string => path.slice(mountPath.length + 1);
    const files = {
      mountPath,
      isFile: (path: string) => isFile(host, below(path)),
      text: (path: string) => this.text(path),
    };
    const found = installedFile(files, { name, from: from.startsWith('/') ? from : `${mountPath}/${from}`, by });
    return found === null ? null : this.#located(found);
  }

  #locatePackage(name: string): Located {
    const [first = '', ...rest] = name.split('/');
    const root = first === 'lodash-es' ? 'lodash' : first;
    const whole = [root, ...rest].join('/').replace(/\.js$/u, '');
    if (this.#bundled(whole)) return { kind: 'package', id: whole, property: null };
    const [property] = rest;
    if (root === 'lodash' && property !== undefined && rest.length === 1 && this.#bundled(root)) {
      return { kind: 'package', id: root, property: property.replace(/\.js$/u, '') };
    }
    const scoped = first.startsWith('@') ? `${first}/${rest[0] ?? ''}` : first;
    const why = Object.hasOwn(UNAVAILABLE, scoped) ? ` ${UNAVAILABLE[scoped] ?? ''}` : '';
    return missing(`Cannot find package '${scoped}'.${why}`);
  }

  #locateFile(specifier: string, from: string): Located {
    const { host } = this.#options;
    const base = from.startsWith('/') ? from : `${host.mountPath}/${from}`;
    const folder = base.slice(0, base.lastIndexOf('/'));
    for (const ending of ENDINGS) {
      const path = belowMount(specifier + ending, folder, host.mountPath);
      if (path === null || !isFile(host, path)) continue;
      return this.#located(`${host.mountPath}/${path}`);
    }
    // TypeScript is written with the name that its JavaScript will have.
    if (/\.[mc]?js$/u.test(specifier)) {
      const path = belowMount(specifier.replace(/js$/u, 'ts'), folder, host.mountPath);
      if (path !== null && isFile(host, path)) return this.#located(`${host.mountPath}/${path}`);
    }
    return missing(`Cannot find module '${specifier}'${from === '' ? '' : ` imported from ${base}`}`);
  }

  #located(id: string): Located {
    if (id.endsWith('.json')) return { kind: 'json', id, text: this.text(id) };
    if (/\.c[jt]s$/u.test(id)) return { kind: 'commonjs', id };
    if (/\.m[jt]s$/u.test(id)) return { kind: 'module', id };
    const text = this.text(id);
    return { kind: !IS_MODULE.test(text) && IS_COMMON.test(text) ? 'commonjs' : 'module', id };
  }

  /** JavaScript of a file of the conversation. */
  text(id: string): string {
    const { host, strip } = this.#options;
    const path = belowMount(id, '/', host.mountPath) ?? '';
    const { sizeBytes } = host.tree.stat(path);
    const text = new TextDecoder().decode(host.tree.read(path, 0, sizeBytes));
    return /\.[mc]?ts$/u.test(id) ? strip(text, id) : text;
  }

  /** The body of a CommonJS module or a package as the text of a function. */
  functionText(id: string): string {
    const name = id.startsWith('package:') ? id.slice('package:'.length) : null;
    const body = name === null ? this.text(id) : this.#bundled(name)?.code;
    if (body === undefined) throw new Error(`there is no ${id}`);
    return `(function (exports, require, module, __filename, __dirname) {${body.replace(/^#!.*/u, '')}\n})`;
  }

  /** The engine's question at every import: the canonical name. */
  normalize(base: string, specifier: string): string {
    const from = MAIN.test(base) ? `${this.#options.host.mountPath}/${base}` : base;
    const located = this.locate(specifier, from, 'import');
    if (located.kind === 'error') throw blank(located.message);
    if (located.kind !== 'package') return located.id;
    return `package:${located.id}${located.property === null ? '' : `#${located.property}`}`;
  }

  /** The engine's question for each new name: the text of an ES module. */
  load(name: string): string {
    if (name.startsWith('package:') || name.startsWith('node:')) return this.#wrapper(name);
    const located = this.locate(name, '');
    switch (located.kind) {
      case 'json':
        return `export default JSON.parse(${JSON.stringify(located.text)});`;
      case 'module':
        return this.text(located.id);
      case 'error':
        throw blank(located.message);
      default:
        return this.#wrapper(name);
    }
  }

  /** An ES module that hands on what a module of another kind exports. */
  #wrapper(name: string): string {
    const [id = '', property] = name.split('#');
    const get = `const m=globalThis[Symbol.for('companion.exports')](${JSON.stringify(id)});`;
    if (property !== undefined) {
      const held = `(m.default??m)[${JSON.stringify(property)}]`;
      return `${get}export default ${held};`;
    }
    const names = this.#options.exportNames(id);
    const list = names.map((one, at) => `const e${at}=m[${JSON.stringify(one)}];`).join('');
    const exported = names.map((one, at) => `e${at} as ${JSON.stringify(one)}`).join(',');
    return `${get}${list}export default m?.default??m;export{${exported}};`;
  }
}

function isFile(host: EngineHost, path: string): boolean {
  try {
    return host.tree.stat(path).kind === 'file';
  } catch {
    return false; // the answer
  }
}

function missing(message: string, code = 'ERR_MODULE_NOT_FOUND'): Located {
  return { kind: 'error', code, message };
}

/** The guest must not see the stack of its worker. */
function blank(message: string): Error {
  const error = new Error(message);
  error.stack = `Error: ${message}`;
  return error;
}
