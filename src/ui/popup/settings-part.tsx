import type { SettingsDoor } from '../../contracts/doors/settings.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { Settings } from '../../contracts/settings.ts';
import { POPUP_TEXTS } from '../texts.ts';

const T = POPUP_TEXTS;

interface PartProps {
  readonly door: SettingsDoor;
  readonly settings: Settings;
}

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

interface AmountProps {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  readonly value: number;
  readonly smallest: number;
  readonly largest: number;
  readonly onChange: (value: number) => void;
}

/** A number with its unit; a value out of its bounds goes back to the nearest one that is in. */
function Amount({ name, label, unit, value, smallest, largest, onChange }: AmountProps) {
  return (
    <label class="amount">
      <span>{label}</span>
      <span>
        <input
          type="number"
          data-setting={name}
          aria-label={`${label} (${unit})`}
          min={smallest}
          max={largest}
          value={value}
          onChange={(event) => {
            const wanted = Math.min(largest, Math.max(smallest, Math.round(event.currentTarget.valueAsNumber)));
            event.currentTarget.value = String(Number.isFinite(wanted) ? wanted : value);
            if (Number.isFinite(wanted)) onChange(wanted);
          }}
        />{' '}
        {unit}
      </span>
    </label>
  );
}

export function SettingsPart({ door, settings }: PartProps) {
  return (
    <>
      <Switch
        name="startCalls"
        label={T.ask}
        hint={T.askHint}
        isOn={settings.startCalls === 'ask'}
        onChange={(isAsk) => void door.set({ startCalls: isAsk ? 'ask' : 'auto' })}
      />
      <label class="amount">
        <span>{T.thinking}</span>
        <select
          data-setting="thinkingCalls"
          value={settings.thinkingCalls}
          onChange={(event) => void door.set({ thinkingCalls: event.currentTarget.value as Settings['thinkingCalls'] })}
        >
          <option value="unset">{T.thinkingUnset}</option>
          <option value="always">{T.thinkingAlways}</option>
          <option value="press">{T.thinkingPress}</option>
        </select>
      </label>
      <Amount
        name="runTimeMs"
        label={T.time}
        unit={T.seconds}
        value={Math.round(settings.runTimeMs / 1000)}
        smallest={LIMITS.runTimeMs.smallest / 1000}
        largest={LIMITS.runTimeMs.largest / 1000}
        onChange={(seconds) => void door.set({ runTimeMs: seconds * 1000 })}
      />
      <Amount
        name="pythonMemoryMB"
        label={T.memoryLimit}
        unit={T.megabytes}
        value={settings.pythonMemoryMB}
        smallest={LIMITS.pythonMemoryMB.smallest}
        largest={LIMITS.pythonMemoryMB.largest}
        onChange={(megabytes) => void door.set({ pythonMemoryMB: megabytes })}
      />
    </>
  );
}
