import { useSignal } from '@preact/signals';
import { groupDigits } from '../../base/index.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { Settings } from '../../contracts/settings.ts';
import { POPUP_TEXTS } from '../texts.ts';

const T = POPUP_TEXTS.fields;

interface SwitchProps {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

export function Switch({ name, label, hint, isOn, onChange }: SwitchProps) {
  return (
    <label class="switch">
      <span>
        <span class="label">{label}</span>
        <span class="quiet hint" id={`${name}-hint`}>
          {hint}
        </span>
      </span>
      <input
        type="checkbox"
        role="switch"
        data-setting={name}
        aria-describedby={`${name}-hint`}
        aria-label={label}
        checked={isOn}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </label>
  );
}

type NumberName = {
  [Name in keyof Settings & keyof typeof LIMITS]: Settings[Name] extends number ? Name : never;
}[keyof Settings & keyof typeof LIMITS];

interface NumberSettingProps {
  /** Its bounds are those of the limit with the same name. */
  readonly name: NumberName;
  readonly label: string;
  readonly unit: string;
  /** How many of the limit's unit are one of what is shown: 1000 where seconds stand for milliseconds. */
  readonly scale?: number;
  readonly settings: Settings;
  readonly save: (patch: Partial<Settings>) => void;
}

/** A whole number with its unit and bounds. One that is out of them is not kept: it stays in the field, which says why. */
export function NumberSetting({ name, label, unit, scale = 1, settings, save }: NumberSettingProps) {
  const bounds = LIMITS[name];
  // The popup is drawn anew while a person types.
  const draft = useSignal<string | null>(null);
  const isWrong = useSignal(false);
  const smallest = Math.ceil(bounds.smallest / scale);
  const largest = Math.floor(bounds.largest / scale);
  const take = (text: string) => {
    const wanted = text.trim() === '' ? Number.NaN : Number(text);
    isWrong.value = !Number.isInteger(wanted) || wanted < smallest || wanted > largest;
    if (isWrong.value) return;
    draft.value = null;
    save({ [name]: wanted * scale });
  };
  const range = `${groupDigits(smallest)}–${groupDigits(largest)} ${unit}`;
  return (
    <div class="field">
      <label class="amount">
        <span>
          {label}
          <span class="quiet hint" id={`${name}-bounds`}>
            {range}
          </span>
        </span>
        <span class="unit">
          <input
            type="number"
            data-setting={name}
            aria-label={`${label} (${unit})`}
            aria-describedby={`${name}-bounds ${name}-wrong`}
            aria-invalid={isWrong.value}
            min={smallest}
            max={largest}
            value={draft.value ?? String(Math.round(settings[name] / scale))}
            onInput={(event) => (draft.value = event.currentTarget.value)}
            onChange={(event) => take(event.currentTarget.value)}
          />{' '}
          {unit}
        </span>
      </label>
      <p role="alert" class="wrong" id={`${name}-wrong`} data-wrong={name}>
        {isWrong.value ? T.outOfBounds(groupDigits(smallest), groupDigits(largest)) : ''}
      </p>
    </div>
  );
}

interface ChoiceProps<Value extends string> {
  readonly name: string;
  readonly label: string;
  readonly value: Value;
  readonly options: Readonly<Partial<Record<Value, string>>>;
  readonly onChange: (value: Value) => void;
}

/** One of a few; `options` has the words of each, in their order. */
export function Choice<Value extends string>({ name, label, value, options, onChange }: ChoiceProps<Value>) {
  return (
    <label class="amount">
      <span>{label}</span>
      <select data-setting={name} value={value} onChange={(event) => onChange(event.currentTarget.value as Value)}>
        {(Object.entries(options) as [Value, string][]).map(([each, words]) => (
          <option key={each} value={each}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
