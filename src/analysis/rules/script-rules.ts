import type { AnalysisRule } from '../../contracts/analysis.ts';
import { LUA, rule, SCRIPT } from './rule.ts';

const RUNNERS = ['child_process.exec', 'child_process.execSync'];
const EVALS = ['eval', 'Function', 'AsyncFunction', 'GeneratorFunction', '.constructor.constructor', 'execScript'];
const REMOVERS = [
  'fs.rm',
  'fs.rmSync',
  'fs.rmdir',
  'fs.rmdirSync',
  'fs.promises.rm',
  'fs.promises.rmdir',
  'rimraf',
  'Deno.remove',
  'fs-extra.remove',
  'fs-extra.emptyDir',
];

export const SCRIPT_RULES: readonly AnalysisRule[] = [
  rule(
    'js-eval',
    SCRIPT,
    'code-from-text',
    'critical',
    { kind: 'call', names: EVALS, arguments: { index: 'any', is: 'computed' } },
    [
      'Runs text as code',
      'What the text holds is only known when it runs.',
      'Use JSON.parse for values, or write the code out.',
    ],
  ),
  rule(
    'js-eval-literal',
    SCRIPT,
    'code-from-text',
    ['critical', 45],
    { kind: 'call', names: EVALS, arguments: { index: 0, is: 'literal' } },
    ['Runs text as code', 'Text that is run is not read before it runs.', 'Write the code out.'],
  ),
  rule(
    'js-text-timer',
    SCRIPT,
    'code-from-text',
    'critical',
    { kind: 'call', names: ['setTimeout', 'setInterval'], arguments: { index: 0, is: 'text' } },
    ['Runs text as code, later', 'A timer with text runs it as eval does.', 'Pass a function.'],
  ),
  rule(
    'js-hidden-name',
    SCRIPT,
    'code-from-text',
    'critical',
    { kind: 'call', names: ['globalThis[]', 'window[]', 'self[]', 'global[]', 'this[]'] },
    [
      'Calls a function by a hidden name',
      'Which function it is can only be seen when it runs.',
      'Call it by its name.',
    ],
  ),
  rule(
    'js-constructor',
    SCRIPT,
    'code-from-text',
    'critical',
    { kind: 'call', names: ['.constructor'], arguments: { index: 'any', is: 'text' } },
    ['Runs text as code', "A function's constructor makes code of text, as eval does.", 'Write the code out.'],
  ),
  rule(
    'js-vm',
    SCRIPT,
    'code-from-text',
    'critical',
    {
      kind: 'call',
      names: ['vm.runInThisContext', 'vm.runInNewContext', 'vm.runInContext', 'vm.Script', 'vm.compileFunction'],
    },
    ['Runs text as code', 'The module vm is no wall.', 'Write the code out.'],
  ),
  rule('js-files', SCRIPT, 'files', ['critical', 35], { kind: 'import', modules: ['fs', 'fs-extra', 'graceful-fs'] }, [
    'Reaches files',
    "Node's file module reads and writes whatever the person may.",
    'Use the files of the conversation.',
  ]),
  rule(
    'js-process',
    SCRIPT,
    'processes',
    ['critical', 45],
    { kind: 'import', modules: ['child_process', 'cluster', 'execa', 'shelljs', 'node-pty'] },
    ['Starts other programs', 'Another program does what it likes; here there are none.', 'Use JavaScript itself.'],
  ),
  rule(
    'js-process-computed',
    SCRIPT,
    'processes',
    ['critical', 80],
    { kind: 'call', names: RUNNERS, arguments: { index: 0, is: 'computed' } },
    [
      'Starts a command that is put together',
      'Text from outside becomes a part of the command.',
      'Use execFile with a list of words.',
    ],
  ),
  rule(
    'js-process-other',
    SCRIPT,
    'processes',
    'high',
    {
      kind: 'call',
      names: [
        'Deno.run',
        'Deno.Command',
        'Bun.spawn',
        'Bun.spawnSync',
        'process.kill',
        'process.binding',
        'process.dlopen',
      ],
    },
    ['Starts other programs or native code', 'What they do cannot be seen here.', 'Use JavaScript itself.'],
  ),
  rule(
    'js-remove-system',
    SCRIPT,
    'destruction',
    ['critical', 85],
    {
      kind: 'call',
      names: REMOVERS,
      arguments: {
        index: 0,
        startsWith: ['~', '/home', '/etc', '/usr', '/var', '/root', '/Users', 'C:\\'],
        equals: ['/', '.', '..'],
      },
    },
    [
      'Deletes a folder of the person or the system',
      'It would delete everything in it, for ever.',
      'Delete only what the code itself made.',
    ],
  ),
  rule(
    'js-remove-folder',
    SCRIPT,
    'destruction',
    ['critical', 70],
    {
      kind: 'call',
      names: REMOVERS,
      arguments: { index: 'any', unless: ['tmp', 'temp'], holds: ['recursive: true', 'recursive:true'] },
    },
    [
      'Deletes folders with all that is in them',
      'What is deleted cannot be had back.',
      'Delete single files by their names.',
    ],
  ),
  rule(
    'js-remove-whole',
    SCRIPT,
    'destruction',
    ['critical', 70],
    {
      kind: 'call',
      names: [
        'rimraf',
        'rimraf.*',
        'fs-extra.remove',
        'fs-extra.removeSync',
        'fs-extra.emptyDir',
        'fs-extra.emptyDirSync',
      ],
    },
    [
      'Deletes folders with all that is in them',
      'What is deleted cannot be had back.',
      'Delete single files by their names.',
    ],
  ),
  rule(
    'js-remove',
    SCRIPT,
    'destruction',
    'medium',
    { kind: 'call', names: [...REMOVERS, 'fs.unlink', 'fs.unlinkSync', 'fs.promises.unlink'] },
    ['Deletes files', 'What is deleted cannot be had back.', 'Check the name first.'],
  ),
  rule(
    'js-markup',
    SCRIPT,
    'page',
    'medium',
    { kind: 'name', names: ['.innerHTML', '.outerHTML', '.srcdoc'], isAssigned: true },
    ['Makes markup of text', 'Text that holds markup becomes a part of the page, scripts too.', 'Set textContent.'],
  ),
  rule(
    'js-write',
    SCRIPT,
    'page',
    'medium',
    { kind: 'call', names: ['document.write', 'document.writeln', '.insertAdjacentHTML', '.createContextualFragment'] },
    [
      'Writes markup into the page',
      'Text that holds markup becomes a part of the page, scripts too.',
      'Make elements and set textContent.',
    ],
  ),
  rule(
    'js-parent',
    SCRIPT,
    'page',
    'medium',
    {
      kind: 'call',
      names: ['parent.postMessage', 'top.postMessage', 'opener.postMessage', 'parent.*', 'top.*', 'opener.*'],
    },
    ['Speaks to the page around it', 'Code in a frame reaches out of it this way.', 'Print the result.'],
  ),
  rule('js-cookies', SCRIPT, 'secrets', 'high', { kind: 'name', names: ['document.cookie', 'cookieStore.*'] }, [
    'Reads or writes cookies',
    'Whoever has them is signed in.',
    'Leave it out.',
  ]),
  rule(
    'js-stores',
    SCRIPT,
    'secrets',
    'medium',
    { kind: 'name', names: ['localStorage.*', 'sessionStorage.*', 'indexedDB.*', 'localStorage', 'sessionStorage'] },
    [
      "Reaches the page's storage",
      'Pages keep keys and what people wrote there.',
      'Keep values in variables or files.',
    ],
  ),
  rule(
    'js-environment',
    SCRIPT,
    'secrets',
    'medium',
    { kind: 'name', names: ['process.env.*', 'Deno.env.*', 'Bun.env.*'] },
    ['Reads the environment', 'Keys and passwords are kept there.', 'Write values that are no secret into the code.'],
  ),
  rule('js-environment-all', SCRIPT, 'secrets', 'high', { kind: 'name', names: ['process.env', 'Deno.env.toObject'] }, [
    'Reads the whole environment',
    'Keys and passwords are kept there.',
    'Read the one value that is needed.',
  ]),
  rule(
    'js-devices',
    SCRIPT,
    'secrets',
    'high',
    {
      kind: 'call',
      names: [
        'navigator.mediaDevices.*',
        'navigator.geolocation.*',
        'navigator.clipboard.read*',
        'navigator.credentials.*',
        'navigator.usb.*',
      ],
    },
    ['Reaches camera, place, clipboard or keys', 'That is what a person must be asked for.', 'Leave it out.'],
  ),
];

const LOADS = ['load', 'loadstring'];

export const LUA_RULES: readonly AnalysisRule[] = [
  rule(
    'lua-load',
    LUA,
    'code-from-text',
    'critical',
    { kind: 'call', names: LOADS, arguments: { index: 0, is: 'computed' } },
    ['Runs text as code', 'What the text holds is only known when it runs.', 'Write the code out.'],
  ),
  rule(
    'lua-load-literal',
    LUA,
    'code-from-text',
    ['critical', 45],
    { kind: 'call', names: LOADS, arguments: { index: 0, is: 'literal' } },
    ['Runs text as code', 'Text that is run is not read before it runs.', 'Write the code out.'],
  ),
  rule('lua-file', LUA, 'code-from-text', 'medium', { kind: 'call', names: ['dofile', 'loadfile'] }, [
    'Runs code of a file',
    'What the file holds is not read here.',
    'Put the code in one piece.',
  ]),
  rule('lua-shell', LUA, 'processes', 'high', { kind: 'call', names: ['os.execute', 'io.popen'] }, [
    'Starts another program',
    'Another program does what it likes; here there are none.',
    'Use Lua itself.',
  ]),
  rule(
    'lua-shell-computed',
    LUA,
    'processes',
    'critical',
    { kind: 'call', names: ['os.execute', 'io.popen'], arguments: { index: 0, is: 'computed' } },
    ['Starts a command that is put together', 'Text from outside becomes a part of the command.', 'Use Lua itself.'],
  ),
  rule('lua-remove', LUA, 'destruction', 'medium', { kind: 'call', names: ['os.remove', 'os.rename', 'lfs.rmdir'] }, [
    'Deletes or moves a file',
    'What is deleted cannot be had back.',
    'Check the name first.',
  ]),
  rule(
    'lua-native',
    LUA,
    'native',
    'medium',
    { kind: 'call', names: ['package.loadlib', 'ffi.*', 'debug.setmetatable', 'debug.sethook', 'debug.setupvalue'] },
    ['Reaches native code or the interpreter', 'That is outside of what Lua guards.', 'Use Lua itself.'],
  ),
  rule('lua-environment', LUA, 'secrets', 'medium', { kind: 'call', names: ['os.getenv'] }, [
    'Reads the environment',
    'Keys and passwords are kept there.',
    'Write values that are no secret into the code.',
  ]),
];
