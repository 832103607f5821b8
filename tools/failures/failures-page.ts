import { APP_ERROR_CODES } from '../../src/contracts/errors.ts';
import type { FailureAction } from '../../src/contracts/failure.ts';
import { FAILURES } from '../../src/contracts/failures.ts';
import { LIMITS } from '../../src/contracts/limits.ts';
import { TEXTS } from '../../src/ui/texts.ts';
import { FAILURE_PROOFS } from './failure-proofs.ts';

const BUTTONS: Readonly<Record<FailureAction, string>> = {
  'run-again': 'Run again',
  'restart-session': 'Restart',
  'raise-time': TEXTS.action.raise('time'),
  'raise-memory': TEXTS.action.raise('memory'),
  'leave-to-chatgpt': TEXTS.code.leave,
  'copy-text': 'Copy',
};

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`);

function rowOf(code: (typeof APP_ERROR_CODES)[number]): string {
  const { title, explanation, suggestions, actions } = FAILURES[code];
  const { file, title: test } = FAILURE_PROOFS[code];
  const isSyntax = code.endsWith('/syntax-error');
  const buttons = [...(isSyntax ? ['Use this (a suggested fix)'] : []), ...actions.map((action) => BUTTONS[action])];
  const cells = [
    `\`${code}\``,
    `**${title}.** ${explanation}`,
    suggestions.join(' '),
    buttons.join(', '),
    `\`${file}\` "${test}"`,
  ];
  return `| ${cells.map(cell).join(' | ')} |`;
}

const seconds = (ms: number): string => `${ms / 1000} s`;

/** docs/failures.md, out of the table of failures, the limits and the tests. */
export function renderFailures(): string {
  return `# Failures

Made by \`node tools/failures-page.ts\`; a test compares. Every failure that this product knows, what a person reads and can press, and
the test in which it is met. There it is brought about, not pretended: the engine, host, store, door or page that gives it is the
product's own or the browser's, and no test stands on a runner, worker or door that is played.

\`Put in composer\`, \`Copy\` and \`Edit\` are at every card.

| Code | What a person reads | What is advised | Buttons | Met in |
| --- | --- | --- | --- | --- |
${APP_ERROR_CODES.map(rowOf).join('\n')}

## What is done about them

| Way | Where | Shown by |
| --- | --- | --- |
| Try again by itself | an engine that does not start is started once more, and the card says so. A program is never begun again by itself | \`${RECOVERY}\` "at first only runs at the second try" |
| Made anew | a Linux machine that broke down, as it was saved last, when its conversation wants it next; the program that ran is not repeated (decision 0125) | \`tests/node/linux-faults.test.ts\` |
| Another runner | code with types that was called JavaScript, or code of another language, is offered as what it is | \`${RECOVERY}\` "another runner" |
| Less | a saved Python heap that does not fit is left aside: Python starts cold, and the card says so | \`tests/node/python-start.test.ts\` "a heap that does not fit" |
| Less | a device with 4 GB or less starts Python without the science packages in its heap; they load when imported | \`src/runners/python/choose-start.test.ts\` |
| State kept, resumed after a fix | variables and files stay after an error; the changed code runs in the same session | \`${RECOVERY}\` "state is kept and resumed after a fix" |
| A fix is offered | after a syntax error, as a difference by lines; every fix was parsed; a press puts it in the field, another runs it | \`tests/node/fixes.test.ts\`, \`tests/e2e/recovery.test.ts\` |
| The person decides | what is risky or cannot run here is asked about before | \`tests/e2e/code-blocks.test.ts\` "that cannot run here are asked about" |
| More | twice the time or memory for the conversation, by a press, until it is at its bound | \`tests/e2e/raise-limits.test.ts\` "runs again with twice", "is offered no more" |
| More | a machine with more memory, where what a shell program had is all that its machine gives (\`linux/memory\`): a higher limit is not offered | \`src/runners/linux/worker/plan.test.ts\` "twice the limit is offered where that is more" |

## What never loops

| Breaker | Opens | Closes | Shown by |
| --- | --- | --- | --- |
| Start of an engine, one for each runner | after ${LIMITS.engineStartFailures.standard} starts in a row that failed; then \`runner/resting\` at once, nothing is loaded | after ${seconds(LIMITS.engineRestMs.standard)} one run may try; it closes when that starts | \`${RECOVERY}\` "rests after several tries", \`src/execution/engine-starts.test.ts\` |
| A Linux machine that breaks down | after ${LIMITS.machineRestarts.standard} restarts in ${seconds(LIMITS.machineRestartsMs.standard)}; then \`linux/gave-up\` | after half a minute one start may try; Restart closes it, and goes on from what was saved or begins as new | \`tests/node/linux-faults.test.ts\`, \`src/runners/linux/breakdowns.test.ts\` |
| A call that starts by itself | with its first start, for all tabs | never: a press repeats it | \`${RECOVERY}\` "a call that started by itself and failed is not started again by itself" |
| Starts from pages | after ${LIMITS.runsPerMinuteFromPage.standard} in a minute | as the minute passes | \`tests/security/door-from-the-page.test.ts\` "starts beyond the rate are refused" |
| Readings of code from pages; a suggested fix counts as 20 | after ${LIMITS.analysesPerMinuteFromPage.standard} in a minute | as the minute passes | \`src/host/engine-calls.test.ts\` "a page gets a fix for code that cannot be read" |
| Messages that do not fit, at one port | after ${LIMITS.badMessagesPerPort.standard} | never: the port is not listened to | \`tests/support/door-contract.ts\` "stops listening to a port that keeps sending nonsense" |
`;
}

const RECOVERY = 'tests/node/recovery.test.ts';
