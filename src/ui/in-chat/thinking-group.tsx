import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { onAbort } from '../../base/index.ts';
import { Button, drawSurface, isTrustedPress, openSurface, watchControl } from '../kit/index.ts';
import type { CallRun } from './call-run.ts';
import { IN_TURN } from './in-turn.ts';
import { isFailure } from './result-text.ts';
import css from './thinking-group.css?inline';
import { TEXTS } from '../texts.ts';

export const THINKING_TAG = 'chatgpt-companion-thinking';

const STYLES = IN_TURN + css;

export interface ThinkingGroup {
  readonly element: HTMLElement;
  /** Takes the card of one more call; cards stay children of the element, so that they are found like any other. */
  add(card: HTMLElement, run: GroupedRun): void;
  remove(run: GroupedRun): void;
}

/** What the line tells of a call. */
export type GroupedRun = Pick<CallRun, 'view' | 'failure'>;

interface ThinkingOptions {
  /** Whether it is here that the person is asked whether such calls run by themselves. */
  readonly isAsking: ReadonlySignal<boolean>;
  readonly onAnswer: (answer: 'always' | 'press') => void;
  readonly signal: AbortSignal;
}

const isWaiting = ({ view }: GroupedRun): boolean => view.value?.state.value === 'input';

function hasFailed({ view, failure }: GroupedRun): boolean {
  const outcome = view.value?.outcome.value ?? null;
  return failure.value !== null || (outcome !== null && isFailure(outcome));
}

/** One folded line for all calls that the model made while it thought in one turn. */
export function createThinkingGroup({ isAsking, onAnswer, signal: ended }: ThinkingOptions): ThinkingGroup {
  const surface = openSurface(document, THINKING_TAG, STYLES);
  const { element } = surface;
  const runs = signal<readonly GroupedRun[]>([]);
  const isOpen = signal(false);
  const waiting = computed(() => runs.value.filter(isWaiting).length);
  const failed = computed(() => runs.value.filter(hasFailed).length);
  let waited = 0;
  // A question that nobody sees is answered by nobody; whoever folds the line again has seen it.
  const unfold = effect(() => {
    if (waiting.value > waited) isOpen.value = true;
    waited = waiting.value;
  });
  const View = () => (
    <div class="group" role="group" aria-label={TEXTS.thinking.summary(runs.value.length)}>
      <div class="head">
        <button
          type="button"
          class="line"
          data-action="fold"
          aria-expanded={isOpen.value}
          ref={watchControl}
          onClick={(event) => {
            if (isTrustedPress(event)) isOpen.value = !isOpen.value;
          }}
        >
          <span class="mark" aria-hidden="true">
            {isOpen.value ? '▾' : '▸'}
          </span>
          <span data-part="thinking-summary">{TEXTS.thinking.summary(runs.value.length)}</span>
        </button>
        <span role="status" data-part="thinking-state">
          {TEXTS.thinking.state(waiting.value, failed.value)}
        </span>
      </div>
      {isAsking.value ? (
        <div class="ask" data-part="thinking-question" role="group" aria-label={TEXTS.thinking.question}>
          <p>{TEXTS.thinking.question}</p>
          <Button action="thinking-always" kind="primary" onPress={() => onAnswer('always')}>
            {TEXTS.thinking.always}
          </Button>
          <Button action="thinking-press" onPress={() => onAnswer('press')}>
            {TEXTS.thinking.press}
          </Button>
        </div>
      ) : null}
      <div hidden={!isOpen.value}>
        <slot />
      </div>
    </div>
  );
  onAbort(ended, unfold);
  onAbort(ended, drawSurface(surface, <View />));
  return {
    element,
    add(card, run) {
      runs.value = [...runs.value, run];
      element.append(card);
    },
    remove(run) {
      runs.value = runs.value.filter((each) => each !== run);
    },
  };
}
