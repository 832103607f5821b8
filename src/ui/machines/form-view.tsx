import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { LIMITS } from '../../contracts/limits.ts';
import { MACHINE_PROFILES, type MachineProfile, mostStorageMB, PROFILES } from '../../contracts/machine-spec.ts';
import { Button } from '../kit/index.ts';
import { Failed } from './failed.tsx';
import type { MachineForm } from './machine-form.ts';
import type { MachinesState } from './machines-state.ts';
import { MACHINE_TEXTS } from './texts.ts';

const T = MACHINE_TEXTS;
const F = T.form;

const EMPTY: MachineForm = {
  name: '',
  image: 'python-data',
  memory: String(PROFILES['python-data'].memoryMB),
  cpu: '100',
  storage: String(PROFILES['python-data'].storageMB),
  isNetworkOn: true,
  hosts: '',
  volumes: '',
  environment: '',
  json: '',
};

interface FormProps {
  readonly state: MachinesState;
  readonly onEnd: () => void;
}

/** What a new machine is to be. What the host refuses is said above, and stays as it was typed. */
export function FormView({ state, onEnd }: FormProps) {
  const form = useSignal(EMPTY);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const { image, memory } = form.value;
  const profile = PROFILES[image];
  const create = async () => {
    if (await state.create(form.value)) onEnd();
  };
  const choose = (chosen: MachineProfile) => {
    const { memoryMB, storageMB } = PROFILES[chosen];
    form.value = { ...form.value, image: chosen, memory: String(memoryMB), storage: String(storageMB) };
  };
  return (
    <form
      class="machine-form"
      data-part="machine-form"
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
        event.preventDefault();
        void create();
      }}
    >
      <h3>{T.create}</h3>
      <Text form={form} field="name" label={F.name} hint={F.nameHint} own={first} />
      <label>
        <span>{F.image}</span>
        <select
          data-field="image"
          value={image}
          onChange={(event) => choose(event.currentTarget.value as MachineProfile)}
        >
          {MACHINE_PROFILES.map((each) => (
            <option key={each} value={each}>
              {each}: {T.images[each]}
            </option>
          ))}
        </select>
      </label>
      <Amount
        form={form}
        field="memory"
        label={F.memory}
        hint={F.memoryHint(profile.memoryMB)}
        least={profile.leastMB}
        most={LIMITS.machineMemoryMB.largest}
      />
      <Amount
        form={form}
        field="cpu"
        label={F.cpu}
        least={LIMITS.machineCpuPercent.smallest}
        most={LIMITS.machineCpuPercent.largest}
      />
      <Amount
        form={form}
        field="storage"
        label={F.storage}
        hint={profile.image === 'small' ? F.smallStorage : F.storageHint}
        least={LIMITS.machineStorageMB.smallest}
        most={mostStorageMB(image, Number(memory) || profile.memoryMB)}
      />
      <details>
        <summary>{F.more}</summary>
        {profile.hasNetwork ? <Network form={form} /> : <p class="quiet">{F.noNetwork}</p>}
        <Lines form={form} field="volumes" label={F.volumes} placeholder="apps/web:/srv/web" />
        <Lines form={form} field="environment" label={F.environment} placeholder="PORT=3000" />
      </details>
      <details>
        <summary>{F.asJson}</summary>
        <Lines form={form} field="json" label={F.json} placeholder={F.jsonExample} />
      </details>
      <Failed state={state} />
      <div class="machine-actions">
        <Button
          action="create-machine"
          kind="primary"
          disabled={state.working.value !== null}
          onPress={() => void create()}
        >
          {T.createNow}
        </Button>
        <Button action="cancel-machine" onPress={onEnd}>
          {T.cancel}
        </Button>
      </div>
    </form>
  );
}

function Network({ form }: Pick<FieldProps, 'form'>) {
  return (
    <>
      <label class="check">
        <input
          type="checkbox"
          data-field="network"
          checked={form.value.isNetworkOn}
          onChange={(event) => (form.value = { ...form.value, isNetworkOn: event.currentTarget.checked })}
        />
        <span>
          {F.network} <span class="quiet">{F.networkHint}</span>
        </span>
      </label>
      <Text form={form} field="hosts" label={F.hosts} placeholder="api.example.org" />
    </>
  );
}

type TextField = Exclude<keyof MachineForm, 'image' | 'isNetworkOn'>;

interface FieldProps {
  readonly form: Signal<MachineForm>;
  readonly field: TextField;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly placeholder?: string;
}

const take = ({ form, field }: FieldProps, value: string) => (form.value = { ...form.value, [field]: value });

function Text(props: FieldProps & { readonly own?: { current: HTMLInputElement | null } }) {
  const { form, field, label, hint, placeholder, own } = props;
  return (
    <label>
      <span>
        {label} {hint === undefined ? null : <span class="quiet">{hint}</span>}
      </span>
      <input
        ref={own ?? null}
        type="text"
        data-field={field}
        autocomplete="off"
        spellcheck={false}
        placeholder={placeholder}
        value={form.value[field]}
        onInput={(event) => take(props, event.currentTarget.value)}
      />
    </label>
  );
}

function Amount(props: FieldProps & { readonly least: number; readonly most: number }) {
  const { form, field, label, hint, least, most } = props;
  return (
    <label>
      <span>{label}</span>
      <input
        type="number"
        data-field={field}
        min={least}
        max={most}
        value={form.value[field]}
        onInput={(event) => take(props, event.currentTarget.value)}
      />
      {hint === undefined ? null : <span class="quiet">{hint}</span>}
    </label>
  );
}

function Lines(props: FieldProps) {
  const { form, field, label, placeholder } = props;
  return (
    <label>
      <span>{label}</span>
      <textarea
        rows={2}
        data-field={field}
        spellcheck={false}
        placeholder={placeholder}
        value={form.value[field]}
        onInput={(event) => take(props, event.currentTarget.value)}
      />
    </label>
  );
}
