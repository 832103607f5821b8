import type { ComponentChildren } from 'preact';
import { useLeftFocus } from './left-focus.ts';
import { pressListener, watchControl } from './trusted-press.ts';

interface ButtonProps {
  readonly action: string;
  readonly onPress: () => void;
  readonly children: ComponentChildren;
  readonly kind?: 'primary' | 'plain' | 'danger';
  readonly label?: string;
  readonly disabled?: boolean;
  readonly hint?: string;
  /** A press counts also while the button moves. */
  readonly mayMove?: boolean;
}

export function Button(props: ButtonProps) {
  const { action, onPress, children, kind = 'plain', label, disabled = false, hint, mayMove = false } = props;
  const own = useLeftFocus<HTMLButtonElement>();
  return (
    <button
      ref={(control) => {
        own.current = control;
        watchControl(control, mayMove);
      }}
      type="button"
      class={`button ${kind}`}
      data-action={action}
      aria-label={label}
      title={hint}
      disabled={disabled}
      onClick={pressListener(onPress, mayMove)}
    >
      {children}
    </button>
  );
}
