import { type Signal, signal } from '@preact/signals';
import { onAbort } from '../../base/index.ts';
import { Button, drawSurface, isTrustedPress, openSurface, THEME, watchControl } from '../kit/index.ts';
import css from './thinking-group.css?inline';
import { TEXTS } from '../texts.ts';

export const THINKING_TAG = 'chatgpt-companion-thinking';

const STYLES = THEME + css;

export interface ThinkingGroup {
  readonly element: HTMLElement;
  /** Takes the card of one more call; cards stay children of the element, so that they are found like any other. */
  add(card: HTMLElement): void;
}

interface ThinkingOptions {
  /** True while the person has not yet said whether such calls run by themselves. */
  readonly isUnset: Signal<boolean>;
  readonly onAnswer: (answer: 'always' | 'press') => void;
  readonly signal: AbortSignal;
}

/** One folded line for all calls that the model made while it thought in one turn. */
export function createThinkingGroup({ isUnset, onAnswer, signal: ended }: ThinkingOptions): ThinkingGroup {
  const surface = openSurface(document, THINKING_TAG, STYLES);
  const { element } = surface;
  const count = signal(0);
  const isOpen = signal(false);
  const View = () => (
    <section class="group" aria-label={TEXTS.thinking.summary(count.value)}>
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
        <span data-part="thinking-summary">{TEXTS.thinking.summary(count.value)}</span>
      </button>
      {isUnset.value ? (
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
    </section>
  );
  onAbort(ended, drawSurface(surface, <View />));
  return {
    element,
    add(card) {
      count.value += 1;
      element.append(card);
    },
  };
}
