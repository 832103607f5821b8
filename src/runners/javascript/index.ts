// JavaScript and TypeScript on QuickJS: manifest.ts, runner.ts (host side), worker.ts (in the box), guest/ (in the engine).
export { createJavaScriptRunner, javascriptEngine, type JavaScriptRunnerOptions } from './runner.ts';
export { javascriptPackages } from './known-packages.ts';
