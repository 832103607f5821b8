import { type MachineProfile, PROFILES } from '../../contracts/machine-spec.ts';

/** What a person filled in, as text. */
export interface MachineForm {
  readonly name: string;
  readonly image: MachineProfile;
  readonly memory: string;
  readonly cpu: string;
  readonly storage: string;
  readonly isNetworkOn: boolean;
  readonly hosts: string;
  readonly volumes: string;
  readonly environment: string;
  /** A whole spec; where it is not empty the rest does not count. */
  readonly json: string;
}

const words = (text: string): readonly string[] => text.split(/[\s,]+/u).filter((word) => word !== '');
const lines = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
const sized = (text: string): string => `${text.trim()}MB`;

/** The form as the spec that the host reads, which checks it: what is left empty is as the profile has it. */
export function jsonOf(form: MachineForm): string {
  if (form.json.trim() !== '') return form.json;
  const percent = form.cpu.trim() === '' ? undefined : String(Number(form.cpu) / 100);
  return JSON.stringify({
    name: form.name.trim(),
    image: form.image,
    resources: {
      ...(form.memory.trim() !== '' && { memory: sized(form.memory) }),
      ...(percent !== undefined && { cpu: percent }),
      ...(form.storage.trim() !== '' && { storage: sized(form.storage) }),
    },
    ...(PROFILES[form.image].hasNetwork && {
      networking: {
        enabled: form.isNetworkOn,
        allowedHosts: form.isNetworkOn ? words(form.hosts) : [],
      },
    }),
    volumes: lines(form.volumes).map(volumeOf),
    environment: Object.fromEntries(lines(form.environment).map(variableOf)),
  });
}

/** `folder:/place` or `folder:/place:ro`. */
function volumeOf(line: string): object {
  const isReadOnly = line.endsWith(':ro');
  const pair = isReadOnly ? line.slice(0, -':ro'.length) : line;
  const at = pair.indexOf(':');
  return { source: at < 0 ? pair : pair.slice(0, at), target: at < 0 ? '' : pair.slice(at + 1), readOnly: isReadOnly };
}

function variableOf(line: string): readonly [string, string] {
  const at = line.indexOf('=');
  return at < 0 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1)];
}
