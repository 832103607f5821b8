import * as v from 'valibot';
import { fail, ok, type Result } from '../base/index.ts';
import { type AppError, appError } from './errors.ts';
import { LIMITS } from './limits.ts';
import {
  MACHINE_PROFILES,
  MACHINE_SPEC_VERSION,
  type MachineProfile,
  type MachineSpec,
  type MachineVolume,
  mostStorageMB,
  PROFILES,
  type ReadMachineSpec,
} from './machine-spec.ts';
import { ownOrigins } from './network-origins.ts';

const MB = 1024 * 1024;
const UNITS: Readonly<Record<string, number>> = { KB: 1024, MB, GB: 1024 * MB };
const NAME = /^[a-z][a-z0-9-]{0,30}$/u;
const VARIABLE = /^[A-Za-z_]\w*$/u;
/** Set for every program of a machine by this product; another value would break what it stands for. */
const OWN_VARIABLES = new Set(
  'PATH HOME LANG TERM SHELL COLORTERM BASH_ENV ENV RC http_proxy https_proxy no_proxy'.split(' '),
);
/** Where the guest itself, the files of the conversation and what runs the machine are. */
const OWN_PLACES = /^\/(?:proc|sys|dev|run|bin|sbin|lib\w*|usr|etc|boot|mnt\/data|workspace)(?:\/|$)/u;

const amount = v.pipe(v.string(), v.regex(/^\s*\d+(?:\.\d+)?\s*(?:[KMG]i?B)\s*$/iu));
const strings = v.array(v.string());

const wireSchema = v.strictObject({
  version: v.optional(v.literal(MACHINE_SPEC_VERSION)),
  name: v.string(),
  image: v.picklist(MACHINE_PROFILES),
  resources: v.optional(
    v.strictObject({
      memory: v.optional(amount),
      cpu: v.optional(v.pipe(v.string(), v.regex(/^\s*\d{1,4}(?:\.\d{1,4})?\s*$/u))),
      storage: v.optional(amount),
    }),
  ),
  networking: v.optional(
    v.strictObject({
      enabled: v.boolean(),
      allowedHosts: v.optional(strings),
      ports: v.optional(v.array(v.number())),
    }),
  ),
  volumes: v.optional(
    v.array(v.strictObject({ source: v.string(), target: v.string(), readOnly: v.optional(v.boolean()) })),
  ),
  environment: v.optional(v.record(v.string(), v.string())),
});

type Wire = v.InferOutput<typeof wireSchema>;

/** How to write what is asked for, where it is not written so. */
const FORMS: Readonly<Record<string, string>> = {
  version: 'is 1, or left out',
  image: `is one of ${MACHINE_PROFILES.join(', ')}`,
  'resources.memory': 'is a number with its unit, as 512MB',
  'resources.storage': 'is a number with its unit, as 128MB',
  'resources.cpu': 'is a text as 0.5: a share of the one processor',
};

class BadSpec extends Error {}

function refuse(sentence: string): never {
  throw new BadSpec(sentence);
}

/**
 * Reads what a person wrote (`{ name, image, resources: { memory, cpu, storage }, networking, volumes, environment }`, sizes as
 * texts: 512MB). What is left out is as its profile has it. `machine/bad-spec` with a sentence that names the field and its
 * bound; what is given as something else is told as a note, never silently.
 */
export function readMachineSpec(value: unknown): Result<ReadMachineSpec, AppError> {
  const wire = v.safeParse(wireSchema, value);
  if (!wire.success) return bad(formOf(wire.issues[0]));
  try {
    return ok(specOf(wire.output));
  } catch (error) {
    if (error instanceof BadSpec) return bad(error.message);
    throw error;
  }
}

/** The same of JSON as text. */
export function readMachineText(json: string): Result<ReadMachineSpec, AppError> {
  try {
    return readMachineSpec(JSON.parse(json));
  } catch {
    return bad('It is no JSON.');
  }
}

const bad = (sentence: string): Result<never, AppError> => fail(appError('machine/bad-spec', sentence.slice(0, 400)));

function formOf(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? '';
  if (path === '') return 'A spec is an object with name and image.';
  const form = FORMS[path];
  if (form !== undefined) return `${path} ${form}.`;
  if (issue.expected === 'never') return `There is no field ${path}.`;
  return issue.received === 'undefined'
    ? `${path} is missing.`
    : `${path} is of another type: ${issue.expected ?? ''}.`;
}

function specOf(wire: Wire): ReadMachineSpec {
  if (!NAME.test(wire.name) || wire.name === 'default')
    refuse('A name is 1 to 31 small letters, digits and hyphens, begins with a letter, and is not “default”.');
  const notes: string[] = [];
  const { memory, cpu, storage } = wire.resources ?? {};
  const profile = PROFILES[wire.image];
  const memoryMB = memory === undefined ? profile.memoryMB : memoryOf(memory, wire.image);
  return {
    spec: {
      version: MACHINE_SPEC_VERSION,
      name: wire.name,
      image: wire.image,
      memoryMB,
      cpuShare: cpu === undefined ? 1 : shareOf(cpu, notes),
      storageMB: storage === undefined ? mostStorageMB(wire.image, memoryMB) : storageOf(storage, wire.image, memoryMB),
      network: networkOf(wire.networking, wire.image),
      volumes: volumesOf(wire.volumes ?? []),
      environment: environmentOf(wire.environment ?? {}),
    },
    notes,
  };
}

const megabytesOf = (text: string): number => {
  const [, number = '0', unit = 'MB'] = /^\s*([\d.]+)\s*([KMG])i?B\s*$/iu.exec(text) ?? [];
  return Math.round((Number(number) * (UNITS[`${unit.toUpperCase()}B`] ?? MB)) / MB);
};

function memoryOf(text: string, image: MachineProfile): number {
  const asked = megabytesOf(text);
  const { largest } = LIMITS.machineMemoryMB;
  const { leastMB } = PROFILES[image];
  if (asked > largest) refuse(`resources.memory: a machine can have ${largest} MB at most, not ${text.trim()}.`);
  if (asked < leastMB) refuse(`resources.memory: ${image} needs ${leastMB} MB at least, not ${text.trim()}.`);
  return asked;
}

function storageOf(text: string, image: MachineProfile, memoryMB: number): number {
  const asked = megabytesOf(text);
  const most = mostStorageMB(image, memoryMB);
  const { smallest } = LIMITS.machineStorageMB;
  const why = PROFILES[image].image === 'small' ? ', half of its memory, as it has no disk' : '';
  if (asked > most)
    refuse(`resources.storage: a machine can store ${most} MB at most outside of /mnt/data${why}, not ${text.trim()}.`);
  if (asked < smallest) refuse(`resources.storage: it is ${smallest} MB at least, not ${text.trim()}.`);
  return asked;
}

function shareOf(text: string, notes: string[]): number {
  const asked = Number(text);
  const least = LIMITS.machineCpuPercent.smallest / 100;
  if (asked < least) refuse(`resources.cpu: a share of ${least} of the processor is the least, not ${text.trim()}.`);
  if (asked > 1) notes.push(`resources.cpu: ${text.trim()} is given as 1.0, for a machine has one processor.`);
  return Math.min(asked, 1);
}

function networkOf(wire: Wire['networking'], image: MachineProfile): MachineSpec['network'] {
  const { hasNetwork } = PROFILES[image];
  const { enabled: isEnabled = hasNetwork, allowedHosts = [], ports = [] } = wire ?? {};
  if (isEnabled && !hasNetwork)
    refuse(`networking: ${image} reaches no network; choose python-data, or set networking.enabled to false.`);
  if (!isEnabled && allowedHosts.length > 0)
    refuse('networking: a machine whose network is off has no allowedHosts; leave them out, or set enabled.');
  const origins = ownOrigins(allowedHosts);
  if (!origins.ok) refuse(`networking.allowedHosts: ${origins.error.detail ?? ''} is no host, as api.example.org.`);
  return { isEnabled, origins: origins.value, ports: portsOf(ports) };
}

function portsOf(ports: readonly number[]): readonly number[] {
  if (ports.length > LIMITS.machinePorts.standard)
    refuse(`networking.ports: ${LIMITS.machinePorts.standard} ports are the most.`);
  const odd = ports.find((port) => !Number.isInteger(port) || port < 1 || port > 65_535);
  if (odd !== undefined) refuse(`networking.ports: ${odd} is no port; ports go from 1 to 65535.`);
  return [...new Set(ports)];
}

function volumesOf(wire: NonNullable<Wire['volumes']>): readonly MachineVolume[] {
  if (wire.length > LIMITS.machineVolumes.standard) refuse(`volumes: ${LIMITS.machineVolumes.standard} are the most.`);
  const targets = new Set<string>();
  return wire.map(({ source, target, readOnly = false }) => {
    const folder = sourceOf(source);
    const place = target.replace(/\/+$/u, '');
    const isWhole = place === '/mnt/data' && folder === '';
    if (!isPlain(place.slice(1)) || !place.startsWith('/') || (OWN_PLACES.test(place) && !isWhole))
      refuse(`volumes: ${target} is no place for one; take a path as /srv/app, outside of the system’s own folders.`);
    if ([...targets].some((other) => isBelow(place, other) || isBelow(other, place)))
      refuse(`volumes: two of them meet at ${target}.`);
    targets.add(place);
    return { source: folder, target: place, isReadOnly: readOnly };
  });
}

function sourceOf(source: string): string {
  const below = source.replace(/^\/mnt\/data(?=\/|$)/u, '').replace(/^\/+|\/+$/gu, '');
  if (source.startsWith('/') && !/^\/mnt\/data(?:\/|$)/u.test(source))
    refuse(`volumes: ${source} is not below /mnt/data, and a machine sees nothing else of this device.`);
  if (below !== '' && !isPlain(below)) refuse(`volumes: ${source} is no path below /mnt/data.`);
  return below;
}

/** No empty name, no way up, nothing that a shell or a kernel reads as more than a name. */
const isPlain = (path: string): boolean =>
  path.length <= LIMITS.filePathUtf16.standard &&
  path.split('/').every((name) => name !== '' && name !== '.' && name !== '..' && !/[\0-\u001f\u007f\\]/u.test(name));

const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

function environmentOf(wire: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const variables = Object.entries(wire);
  if (variables.length > LIMITS.machineVariables.standard)
    refuse(`environment: ${LIMITS.machineVariables.standard} variables are the most.`);
  let utf16 = 0;
  for (const [name, value] of variables) {
    if (!VARIABLE.test(name)) refuse(`environment: ${name.slice(0, 100)} is no name of a variable.`);
    if (OWN_VARIABLES.has(name)) refuse(`environment: ${name} is set by the machine itself.`);
    if (value.includes('\0')) refuse(`environment: the value of ${name} holds a zero character.`);
    utf16 += name.length + value.length;
  }
  if (utf16 > LIMITS.machineVariablesUtf16.standard)
    refuse(`environment: ${LIMITS.machineVariablesUtf16.standard} characters in all are the most.`);
  return wire;
}
