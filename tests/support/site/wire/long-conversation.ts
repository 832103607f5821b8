import { randomUUID } from 'node:crypto';
import { codeContent, textContent, type WireMessage, wireMessage } from './message.ts';

/** A finished conversation of so many turns; every fifth has a Python call with the site's own result. */
export function longConversation(turnCount: number): WireMessage[] {
  return Array.from({ length: turnCount }, (_, index) => turn(index + 1)).flat();
}

function turn(number: number): WireMessage[] {
  const question = wireMessage({
    id: randomUUID(),
    role: 'user',
    content: textContent(`Question ${number}: what is ${number} squared?`),
  });
  const answer = wireMessage({
    id: randomUUID(),
    role: 'assistant',
    channel: 'final',
    endTurn: true,
    content: textContent(`Answer ${number}: it is ${number * number}.\n\n\`\`\`python\nprint(${number} ** 2)\n\`\`\``),
  });
  if (number % 5 !== 0) return [question, answer];
  const code = `print(${number} ** 2)\n`;
  const call = wireMessage({ id: randomUUID(), role: 'assistant', recipient: 'python', content: codeContent(code) });
  const result = wireMessage({
    id: randomUUID(),
    role: 'tool',
    name: 'python',
    content: { content_type: 'execution_output', text: String(number * number) },
    metadata: {
      parent_id: call.id,
      aggregate_result: { status: 'success', code, messages: [], final_expression_output: null },
    },
  });
  return [question, call, result, answer];
}
