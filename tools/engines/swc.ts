import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NODE_MODULES } from './places.ts';

/**
 * swc's type stripper carries its WebAssembly as base64 inside the script. Cut apart, so that a box compiles the module
 * beside the rest: a script that makes the glue, `globalThis.companionSwc(module)`, and the bare module.
 */
export async function cutModule(): Promise<{ readonly wasm: Uint8Array; readonly script: Uint8Array }> {
  const source = await readFile(join(NODE_MODULES, '@swc/wasm-typescript/wasm.js'), 'utf8');
  const embedded = /const bytes = Buffer\.from\('([A-Za-z0-9+/=]+)', 'base64'\);/.exec(source);
  const compile = 'const wasmModule = new WebAssembly.Module(bytes);';
  if (!embedded?.[1] || !source.includes(compile)) {
    throw new Error('@swc/wasm-typescript is built in another way than this tool knows; see tools/engines/swc.ts');
  }
  const glue = source.replace(embedded[0], '').replace(compile, '');
  const script = `globalThis.companionSwc=(wasmModule)=>{const module={exports:{}};const require=()=>globalThis;\n${glue}\nreturn module.exports};\n`;
  return { wasm: new Uint8Array(Buffer.from(embedded[1], 'base64')), script: new TextEncoder().encode(script) };
}
