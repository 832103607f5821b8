/** Imports that the dynamic linker itself answers. */
const OF_THE_LINKER =
  /^(memory|__indirect_function_table|__stack_pointer|__memory_base|__table_base|__cpp_exception|__c_longjmp)$/;

/** Symbols that a side module imports and neither the main module, nor its JavaScript, nor the module itself has. */
export function undefinedImports(main: BufferSource, mainScript: string, side: BufferSource): string[] {
  const exported = new Set(WebAssembly.Module.exports(new WebAssembly.Module(main)).map(({ name }) => name));
  const module = new WebAssembly.Module(side);
  const own = new Set(WebAssembly.Module.exports(module).map(({ name }) => name));
  return WebAssembly.Module.imports(module)
    .filter(({ module: from }) => ['env', 'GOT.func', 'GOT.mem'].includes(from))
    .map(({ name }) => name)
    .filter((name) => !exported.has(name) && !own.has(name) && !OF_THE_LINKER.test(name))
    .filter((name) => !mainScript.includes(`function _${name}(`) && !mainScript.includes(`_${name}=`));
}
