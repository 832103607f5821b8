import { LIMITS } from '../../../src/contracts/limits.ts';
import { memoryLimitOf } from '../../../src/contracts/memory-limit.ts';
import type { AskNetwork, NetworkRequest } from '../../../src/contracts/network.ts';
import { holds, type RunnerCase, said, same, sameLife } from './scene.ts';

/** What every runner must do, whatever its language. */
export const RUNNER_CASES: readonly RunnerCase[] = [
  {
    name: 'its manifest says what it can and cannot',
    async run({ world }) {
      const { manifest, programs } = world;
      holds(/^[a-z][a-z0-9-]*$/u.test(manifest.id), 'an id', manifest.id);
      holds(manifest.languages.includes(programs.language), 'its own language', manifest.languages);
      for (const language of manifest.languages)
        holds((manifest.extensions[language] ?? []).length > 0, 'endings of files', language);
      const { smallest, largest } = LIMITS[memoryLimitOf(manifest.id)];
      holds(manifest.memoryMB >= smallest && manifest.memoryMB <= largest, 'memory', manifest.memoryMB);
      holds(manifest.cannot.length > 0, 'what it cannot do');
      for (const ending of manifest.cannot) holds(/^[a-z].*[^.]$/su.test(ending), 'the end of a sentence', ending);
    },
  },
  {
    name: 'its programs reach the network by the gate, and its manifest says whether they can',
    async run(scene) {
      const { manifest, programs } = scene.world;
      same(manifest.capabilities.network, programs.reach !== null, 'what the manifest says');
      if (programs.reach === null) return;
      const asked: string[] = [];
      const network: AskNetwork = async (json) => {
        const { url } = JSON.parse(json) as NetworkRequest;
        asked.push(url);
        return JSON.stringify({ status: 200, statusText: 'OK', url, headers: [], body: btoa('told') });
      };
      const { stdout } = await (await scene.open()).run(programs.reach, { network });
      same([asked, stdout], [['https://api.example.org/hello'], 'told\n'], 'what was asked and printed');
    },
  },
  {
    name: 'a fresh session lives, has a size, and runs nothing by itself',
    async run(scene) {
      const opened = await scene.open();
      same(opened.session.isAlive, true, 'alive');
      holds(opened.session.memoryBytes > 0, 'memory in bytes', opened.session.memoryBytes);
      same((await opened.tree.all()).length, 0, 'files');
    },
  },
  {
    name: 'output comes in order, by stream',
    async run(scene) {
      const ran = await (await scene.open()).run(scene.programs.print);
      same(ran.stdout, 'one\ntwo\n', 'stdout');
      holds(ran.stderr.includes('oops'), 'stderr', ran.stderr);
      const order = ran.events.flatMap((event) => (event.kind === 'output' ? [event.stream] : []));
      same(order.at(-1), 'stderr', 'the last stream');
      same(ran.events[0], { kind: 'state', state: 'running' }, 'the first event');
    },
  },
  {
    name: 'it tells when the time of a program begins and when it is over',
    async run(scene) {
      const told: string[] = [];
      await (await scene.open()).run(scene.programs.print, {
        onEvent: ({ kind }) => kind === 'output' && told.push(kind),
        onPhase: (phase) => told.push(phase),
      });
      const phases = new Set(told.filter((what) => what !== 'output'));
      same([told[0], ...phases], ['working', 'working', 'saving'], 'the phases, the first before any output');
    },
  },
  {
    name: 'output streams while the program runs',
    async run(scene) {
      const opened = await scene.open();
      let isOver = false;
      let cameBefore = false;
      const running = opened.run(scene.programs.endless, {
        onEvent: (event, stop) => {
          if (event.kind !== 'output') return;
          cameBefore = !isOver;
          stop();
        },
      });
      const ran = await running;
      isOver = true;
      same([cameBefore, ran.stdout], [true, 'go\n'], 'printed before the end');
    },
  },
  {
    name: 'the last value is the result',
    async run(scene) {
      const { outcome } = await (await scene.open()).run(said(scene.programs.answer));
      holds(outcome.kind === 'completed' && outcome.exitCode === 0 && outcome.error === null, 'the outcome', outcome);
      same(outcome.kind === 'completed' && outcome.result, '42', 'the result');
    },
  },
  {
    name: 'variables stay between runs',
    async run(scene) {
      const opened = await scene.open();
      await opened.printed(said(scene.programs.setVariable));
      const { outcome, stdout } = await opened.run(said(scene.programs.readVariable));
      // A shell has no values: it prints.
      same(outcome.kind === 'completed' && (outcome.result ?? stdout.trimEnd()), '7', 'the variable');
    },
  },
  {
    name: 'its manifest tells whether variables stay',
    async run(scene) {
      const isException = 'variables stay between runs' in scene.programs.exceptions;
      same(scene.world.manifest.capabilities.keepsVariables, !isException, 'keepsVariables');
      same(scene.world.manifest.capabilities.readsInput, scene.programs.greet !== null, 'readsInput');
    },
  },
  {
    name: 'its manifest tells whether figures are shown, and functions of this product called',
    async run(scene) {
      const { manifest, programs } = scene.world;
      same(manifest.capabilities.showsFigures, programs.figure !== null, 'showsFigures');
      same(manifest.capabilities.hostFunctions, programs.callHost !== null, 'hostFunctions');
      const opened = await scene.open();
      if (programs.callHost !== null)
        holds((await opened.printed(programs.callHost)).endsWith('called\n'), 'the function is not there');
      if (programs.figure === null) return;
      const { events } = await opened.run(programs.figure);
      const shown = events.some((event) => event.kind === 'display' && event.display.artifact?.kind === 'figure');
      holds(shown, 'no figure', events);
    },
  },
  {
    name: 'a call of this product with a wrong type is an error of the language',
    async run(scene) {
      const { callHost, callHostWrong } = scene.programs;
      if (callHost === null) return;
      const program = said(callHostWrong);
      const opened = await scene.open();
      const { outcome } = await opened.run(program);
      const error = outcome.kind === 'completed' ? outcome.error : null;
      holds(error?.message.endsWith('displayTable: rows must be array, not number') === true, 'the message', outcome);
      same(error?.line, 2, 'the line');
      holds((await opened.printed(callHost)).endsWith('called\n'), 'the session cannot call any more');
    },
  },
  {
    name: "a program's own error is completed, with the person's line",
    async run(scene) {
      const { outcome } = await (await scene.open()).run(scene.programs.fail);
      holds(outcome.kind === 'completed' && outcome.exitCode !== 0, 'the outcome', outcome);
      holds(outcome.kind === 'completed' && outcome.error?.line === 2, 'the line', outcome);
      holds(outcome.kind === 'completed' && (outcome.error?.message ?? '') !== '', 'a message', outcome);
    },
  },
  {
    name: 'a syntax error is said, running and checking',
    async run(scene) {
      const opened = await scene.open();
      const { outcome } = await opened.run(scene.programs.broken);
      holds(outcome.kind === 'completed' && typeof outcome.error?.line === 'number', 'the outcome', outcome);
      const { language } = scene.programs;
      same((await opened.session.validate(scene.programs.broken, language)).ok, false, 'the broken program is valid');
      same((await opened.session.validate(scene.programs.print, language)).ok, true, 'the good program is valid');
    },
  },
  {
    name: 'checking does not run',
    async run(scene) {
      const opened = await scene.open();
      await opened.session.validate(scene.programs.write('made.txt', 'x'), scene.programs.language);
      same(await opened.text('made.txt'), null, 'the file');
    },
  },
  {
    name: 'an exit code is passed on and the session lives',
    async run(scene) {
      const opened = await scene.open();
      const { outcome } = await opened.run(scene.programs.exit);
      holds(outcome.kind === 'completed' && outcome.exitCode === 3 && outcome.error === null, 'the outcome', outcome);
      same(await opened.printed(scene.programs.print), 'one\ntwo\n', 'the next run');
    },
  },
  ...(['endless', 'stubborn'] as const).map(
    (program): RunnerCase => ({
      name: `Stop ends ${program === 'endless' ? 'an endless' : 'a stubborn'} program as cancelled, and tells the truth about the session`,
      isOfPlace: true,
      async run(scene) {
        const opened = await scene.open();
        const { outcome } = await opened.run(scene.programs[program], {
          onEvent: (event, stop) => event.kind === 'output' && stop(),
        });
        holds(outcome.kind === 'cancelled' && outcome.by === 'person', 'the outcome', outcome);
        sameLife(opened, outcome);
        if (opened.session.isAlive) same(await opened.printed(scene.programs.print), 'one\ntwo\n', 'the next run');
      },
    }),
  ),
  ...(['endless', 'stubborn'] as const).map(
    (program): RunnerCase => ({
      name: `the time limit ends ${program === 'endless' ? 'an endless' : 'a stubborn'} program as timed out`,
      async run(scene) {
        const opened = await scene.open();
        const { outcome } = await opened.run(scene.programs[program], { timeMs: 400 });
        holds(outcome.kind === 'timedOut' && outcome.limitMs === 400, 'the outcome', outcome);
        sameLife(opened, outcome);
      },
    }),
  ),
  {
    name: 'the memory limit ends a program, not the host',
    async run(scene) {
      const opened = await scene.open();
      const { manifest } = scene.world;
      const { outcome } = await opened.run(scene.programs.hoard, { memoryMB: manifest.memoryMB });
      const isSaid = outcome.kind === 'completed' ? outcome.error !== null : outcome.kind === 'crashed';
      holds(isSaid, 'the outcome', outcome);
      holds(outcome.memoryBytes <= (manifest.memoryMB + 64) * 1_048_576, 'the size of its memory', outcome.memoryBytes);
      sameLife(opened, outcome);
    },
  },
  {
    name: 'output is cut where it is too long, the rest is filed, and a flood is ended',
    async run(scene) {
      const opened = await scene.open();
      const ran = await opened.run(scene.programs.flood);
      holds(ran.outcome.kind === 'crashed' && ran.outcome.code === 'run/output-too-large', 'the outcome', ran.outcome);
      same(ran.stdout.length, LIMITS.outputShownBytes.standard, 'what is shown');
      const paths = ran.events.flatMap((event) => (event.kind === 'truncated' ? [event.path ?? ''] : []));
      same(paths.length, 1, 'times it was said');
      const filed = await opened.tree.perform({ op: 'stat', path: paths[0]?.replace('/mnt/data/', '') ?? '' });
      holds(filed.ok && (filed.stat?.sizeBytes ?? 0) > LIMITS.outputFileBytes.standard / 2, 'the rest', filed);
    },
  },
  {
    name: 'given input is read, then its end',
    async run(scene) {
      const opened = await scene.open();
      const greet = said(scene.programs.greet);
      const line = (await opened.run(greet, { stdin: ['Zoë'] })).stdout;
      holds(line.endsWith('hello Zoë\n'), 'the line', line);
      const end = (await opened.run(greet, { stdin: [] })).stdout;
      holds(end.endsWith('hello nobody\n'), 'the end', end);
    },
  },
  {
    name: 'a person is asked for input and answers',
    isOfPlace: true,
    async run(scene) {
      const opened = await scene.open();
      const ran = await opened.run(said(scene.programs.greet), {
        stdin: null,
        onEvent: (event) => event.kind === 'input' && opened.session.answerInput('Zoë'),
      });
      holds(ran.stdout.endsWith('hello Zoë\n'), 'the greeting', ran);
      same(ran.events.filter((event) => event.kind === 'input').length, 1, 'questions');
    },
  },
  {
    name: 'a second run at the same time is refused',
    async run(scene) {
      const opened = await scene.open();
      const first = opened.run(scene.programs.endless, { timeMs: 400 });
      same((await opened.run(scene.programs.print)).outcome.kind, 'refused', 'the second');
      same((await first).outcome.kind, 'timedOut', 'the first');
    },
  },
  {
    name: 'a disposed session ends its run and refuses more',
    async run(scene) {
      const opened = await scene.open();
      const { outcome } = await opened.run(scene.programs.endless, {
        onEvent: (event) => event.kind === 'output' && opened.session.dispose(),
      });
      holds(outcome.kind !== 'completed', 'the outcome', outcome);
      same(opened.session.isAlive, false, 'alive');
      opened.session.dispose();
      same((await opened.run(scene.programs.print)).outcome.kind, 'crashed', 'the next run');
      same((await opened.session.validate(scene.programs.print, scene.programs.language)).ok, false, 'validate');
    },
  },
  {
    name: 'after a session that was killed a new one starts clean, over the same files',
    async run(scene) {
      const first = await scene.open();
      await first.printed(scene.programs.write('kept.txt', 'here'));
      if (scene.programs.setVariable) await first.printed(scene.programs.setVariable);
      await first.run(scene.programs.endless, {
        onEvent: (event) => event.kind === 'output' && first.session.dispose(),
      });
      const next = await scene.open(first.tree);
      same(await next.printed(scene.programs.read('kept.txt')), 'here', 'the file');
      if (!scene.programs.readVariable) return;
      const { outcome, stdout } = await next.run(scene.programs.readVariable);
      holds(outcome.kind === 'completed' && (outcome.result ?? stdout.trimEnd()) !== '7', 'the variable', outcome);
    },
  },
  {
    name: 'two sessions at once know nothing of each other',
    async run(scene) {
      const [one, other] = await Promise.all([scene.open(), scene.open()]);
      const begun = Promise.withResolvers<() => void>();
      const busy = one.run(scene.programs.endless, {
        onEvent: (event, stop) => event.kind === 'output' && begun.resolve(stop),
      });
      const stop = await begun.promise;
      await other.printed(scene.programs.write('mine.txt', 'mine'));
      same(await other.printed(scene.programs.print), 'one\ntwo\n', 'printed beside a busy session');
      if (scene.programs.setVariable) await other.printed(scene.programs.setVariable);
      stop();
      same((await busy).stdout, 'go\n', 'what the busy one printed');
      same(await one.text('mine.txt'), null, "the other's file");
      if (!scene.programs.readVariable || !one.session.isAlive) return;
      const { outcome, stdout } = await one.run(scene.programs.readVariable);
      holds(
        outcome.kind === 'completed' && (outcome.result ?? stdout.trimEnd()) !== '7',
        "the other's variable",
        outcome,
      );
    },
  },
  {
    name: 'many runs one after another, each with its own output and outcome',
    async run(scene) {
      const opened = await scene.open();
      for (let round = 0; round < 20; round += 1) {
        same(await opened.printed(scene.programs.print), 'one\ntwo\n', `run ${round}`);
        const { outcome } = await opened.run(scene.programs.exit);
        same(outcome.kind === 'completed' && outcome.exitCode, 3, `exit ${round}`);
      }
    },
  },
  {
    name: 'nothing is left of a session',
    async run(scene) {
      const opened = await scene.open();
      await opened.printed(scene.programs.print);
      const busy = await scene.open();
      const running = busy.run(scene.programs.endless, {
        onEvent: (event) => event.kind === 'output' && scene.end(),
      });
      await running;
      same(await scene.world.left(), [], 'left');
    },
  },
];
