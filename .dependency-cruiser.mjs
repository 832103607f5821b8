import { RINGS, OPEN_DOORS } from './tools/rings.ts';

const folders = Object.keys(RINGS);

const rings = folders.map((from) => ({
  name: `ring:${from}`,
  severity: 'error',
  from: { path: `^src/${from}/`, pathNot: '\\.test\\.tsx?$' },
  to: { path: '^(src|entrypoints)/', pathNot: `^src/(${[from, ...RINGS[from]].join('|')})/` },
}));

const faces = folders.map((name) => ({
  name: `face:${name}`,
  comment: "Other folders import a folder's face, never a file behind it.",
  severity: 'error',
  from: { path: '^(src|entrypoints)/', pathNot: [`^src/${name}/`, '\\.test\\.tsx?$'] },
  to: {
    path: `^src/${name}/`,
    pathNot: [
      `^src/${name}/index\\.tsx?$`,
      `^src/${name}/[^/]+/index\\.tsx?$`,
      ...OPEN_DOORS.map((door) => door.source),
    ],
  },
}));

export default {
  forbidden: [
    ...rings,
    ...faces,
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'runners-apart',
      comment:
        'A runner knows no other; what all need is behind the faces of the kit, one for each side of the wall and one for both.',
      severity: 'error',
      from: { path: '^src/runners/([^/]+)/' },
      to: { path: '^src/runners/', pathNot: ['^src/runners/$1/', '^src/runners/kit/(worker/|written/)?index\\.ts$'] },
    },
    {
      name: 'worker-half-apart',
      comment: "What runs in a box carries nothing of the host's side: schemas alone are half a megabyte.",
      severity: 'error',
      from: { path: '^src/runners/[^/]+/worker(/|\\.ts$)', pathNot: '\\.test\\.ts$' },
      to: {
        path: ['^src/runners/kit/[^/]+\\.ts$', '^src/contracts/(runner-protocol|doors/)'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'host-half-apart',
      severity: 'error',
      from: { path: '^src/runners/[^/]+/[^/]+\\.ts$', pathNot: '/worker\\.ts$' },
      to: { path: '^src/runners/kit/worker/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'surfaces-apart',
      severity: 'error',
      from: { path: '^src/ui/(in-chat|popup|folder|before-page)/' },
      to: { path: '^src/ui/(in-chat|popup|folder)/', pathNot: '^src/ui/$1/' },
    },
    {
      name: 'first-script-without-elements',
      comment:
        'What knows our elements holds state, which must be in one of the two content scripts alone (decision 0106).',
      severity: 'error',
      from: { path: '^(entrypoints/chat\\.content\\.ts|src/ui/before-page/)', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/ui/(kit|in-chat)/', reachable: true },
    },
    {
      name: 'nothing-imports-entrypoints',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^entrypoints/' },
    },
    {
      name: 'no-tests-or-tools-in-src',
      severity: 'error',
      from: { path: '^(src|entrypoints)/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^(tests|tools|bench)/' },
    },
    {
      name: 'no-dev-packages-in-src',
      severity: 'error',
      from: { path: '^(src|entrypoints)/', pathNot: '\\.test\\.tsx?$' },
      to: { dependencyTypes: ['npm-dev'], pathNot: ['node_modules/wxt/'] },
    },
    {
      name: 'page-hook-without-packages',
      severity: 'error',
      from: { path: '^src/(interception|base)/', pathNot: '\\.test\\.tsx?$' },
      to: { dependencyTypes: ['npm', 'npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'types'],
    },
  },
};
