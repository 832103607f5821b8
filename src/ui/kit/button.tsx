import { type ComponentChildren, createContext } from 'preact';
import { useContext } from 'preact/hooks';

/**
 * Says which clicks count. On the site's page only those that the browser vouches for: a script of the page
 * could else press Run or read files in the person's name.
 */
export const TrustGate = createContext<(event: Event) => boolean>((event) => event.isTrusted);

export function useTrustGate(): (event: Event) => boolean {
  return useContext(TrustGate);
}

interface ButtonProps {
  readonly action: string;
  readonly onPress: () => void;
  readonly children: ComponentChildren;
  readonly kind?: 'primary' | 'plain' | 'danger';
  readonly label?: string;
  readonly disabled?: boolean;
  readonly hint?: string;
}

export function Button({ action, onPress, children, kind = 'plain', label, disabled = false, hint }: ButtonProps) {
  const isTrusted = useTrustGate();
  return (
    <button
      type="button"
      class={`button ${kind}`}
      data-action={action}
      aria-label={label}
      title={hint}
      disabled={disabled}
      onClick={(event) => {
        event.stopPropagation();
        if (isTrusted(event)) onPress();
      }}
    >
      {children}
    </button>
  );
}
