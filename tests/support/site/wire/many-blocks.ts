import { randomUUID } from 'node:crypto';
import { textContent, type WireMessage, wireMessage } from './message.ts';

/** What follows each other in an answer: programs, and what is none. */
const kinds = [
  { word: 'python', code: (place: string) => `def place():\n    return "${place}"\n\nprint(place())` },
  { word: 'javascript', code: (place: string) => `const place = '${place}';\nconsole.log(place);` },
  { word: 'json', code: (place: string) => `{"place": "${place}", "apples": [1, 2, 3]}` },
  { word: 'bash', code: (place: string) => `echo "${place}" | tr a-z A-Z` },
  { word: '', code: (place: string) => `${place}\n3 apples` },
] as const;

/** An old conversation in which each answer has so many blocks, no two alike. */
export function manyBlocks(turnCount: number, blocksPerTurn: number): WireMessage[] {
  return Array.from({ length: turnCount }, (_, turn) => exchange(turn + 1, blocksPerTurn)).flat();
}

/** The conversation that is measured: 20 turns with 200 blocks. */
export const twoHundredBlocks = (): WireMessage[] => manyBlocks(20, 10);

function exchange(turn: number, count: number): WireMessage[] {
  const blocks = Array.from({ length: count }, (_, index) => {
    const { word, code } = kinds[index % kinds.length] ?? kinds[0];
    return `Step ${String(index + 1)}:\n\n\`\`\`${word}\n${code(`turn ${String(turn)} block ${String(index + 1)}`)}\n\`\`\``;
  });
  return [
    wireMessage({ id: randomUUID(), role: 'user', content: textContent(`Question ${String(turn)}`) }),
    wireMessage({
      id: randomUUID(),
      role: 'assistant',
      channel: 'final',
      endTurn: true,
      content: textContent([`Answer ${String(turn)}:`, ...blocks].join('\n\n')),
    }),
  ];
}
