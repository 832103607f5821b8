// Real Lua 5.4 in a box: manifest.ts, runner.ts (host side), worker.ts (in the box, built as one classic script).
export { createLuaRunner, type LuaRunnerOptions } from './runner.ts';
export { luaPackages } from './known-packages.ts';
