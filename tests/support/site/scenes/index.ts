// Scripted turns: what the site answers, chosen by name.
import { awkward, diagram, openFence, writing } from './blocks.ts';
import { chart } from './chart.ts';
import { code, risky, shell } from './code.ts';
import * as everyday from './everyday.ts';
import { hostileMarkup } from './hostile-markup.ts';
import * as special from './special.ts';
import type { Scene } from './scene.ts';

/** In the order in which a person is offered them. */
export const scenes: readonly Scene[] = [
  chart,
  everyday.table,
  everyday.input,
  everyday.error,
  everyday.endlessLoop,
  everyday.bigOutput,
  everyday.files,
  everyday.twoCalls,
  everyday.thinking,
  everyday.drifted,
  code,
  risky,
  shell,
  awkward,
  diagram,
  writing,
  openFence,
  ...Object.values(special),
  hostileMarkup,
];

/** The scene of that name; throws a sentence that lists the names when there is none. */
export function findScene(name: string): Scene {
  const scene = scenes.find((entry) => entry.name === name);
  if (scene === undefined)
    throw new Error(`there is no scene "${name}"; there are: ${scenes.map((entry) => entry.name).join(', ')}`);
  return scene;
}

/** The scene that a message asks for by its name or its prompt; any other text gets a plain answer. */
export function chooseScene(text: string): Scene {
  const wanted = text.trim().toLowerCase();
  const asked = scenes.find((scene) => wanted === scene.name || wanted === scene.prompt.toLowerCase());
  return asked ?? echo(text);
}

function echo(text: string): Scene {
  const names = scenes.filter((scene) => scene.isShown).map((scene) => `- \`${scene.name}\``);
  return {
    name: 'echo',
    prompt: text,
    title: text.trim().slice(0, 40) || 'New chat',
    isShown: false,
    steps: [
      {
        kind: 'text',
        channel: 'final',
        text: `I am a stand-in and know only a few scenes. Type the name of one of them:\n\n${names.join('\n')}`,
      },
    ],
  };
}
