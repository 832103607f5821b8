import { describe, expect, test } from 'vitest';
import { PROFILES } from './machine-spec.ts';
import { readMachineSpec, readMachineText } from './read-machine-spec.ts';

const LEAST = { name: 'web', image: 'python-data' };

function read(asked: object) {
  const answer = readMachineSpec({ ...LEAST, ...asked });
  if (!answer.ok) throw new Error(answer.error.detail);
  return answer.value;
}

function refused(asked: object): string {
  const answer = readMachineSpec({ ...LEAST, ...asked });
  if (answer.ok) throw new Error('it was taken');
  expect(answer.error.code).toBe('machine/bad-spec');
  return answer.error.detail ?? '';
}

test('what is left out is as its profile has it', () => {
  expect(read({}).spec).toEqual({
    version: 1,
    name: 'web',
    image: 'python-data',
    memoryMB: 256,
    cpuShare: 1,
    storageMB: 256,
    network: { isEnabled: true, origins: [], ports: [] },
    volumes: [],
    environment: {},
  });
  expect(read({ image: 'alpine-dev' }).spec).toMatchObject({
    memoryMB: 128,
    storageMB: 64,
    network: { isEnabled: false },
  });
  expect(read({ image: 'alpine-dev', networking: { enabled: false, ports: [80] } }).spec.network.ports).toEqual([80]);
  expect(read({ image: 'nodejs-web' }).spec).toMatchObject({ memoryMB: PROFILES['nodejs-web'].memoryMB });
});

test('all of it, as a person writes it', () => {
  const { spec, notes } = read({
    resources: { memory: '512MB', cpu: '0.5', storage: '64 mb' },
    networking: {
      enabled: true,
      allowedHosts: ['api.example.org', 'http://localhost:8000'],
      ports: [3000, 3000, 8080],
    },
    volumes: [
      { source: 'apps/web/', target: '/srv/web/' },
      { source: '/mnt/data', target: '/mnt/data', readOnly: true },
    ],
    environment: { PORT: '3000' },
  });
  expect(spec).toMatchObject({
    memoryMB: 512,
    cpuShare: 0.5,
    storageMB: 64,
    network: {
      isEnabled: true,
      origins: ['https://api.example.org', 'http://localhost:8000'],
      ports: [3000, 8080],
    },
    volumes: [
      { source: 'apps/web', target: '/srv/web', isReadOnly: false },
      { source: '', target: '/mnt/data', isReadOnly: true },
    ],
    environment: { PORT: '3000' },
  });
  expect(notes).toEqual([]);
});

describe('bounds are said', () => {
  test.each([
    [{ resources: { memory: '1GB' } }, 'resources.memory: a machine can have 890 MB at most, not 1GB.'],
    [{ resources: { memory: '64MB' } }, 'resources.memory: python-data needs 160 MB at least, not 64MB.'],
    [{ resources: { storage: '5GB' } }, 'a machine can store 256 MB at most outside of /mnt/data, not 5GB.'],
    [
      { image: 'alpine-dev', resources: { memory: '128MB', storage: '100MB' } },
      'a machine can store 64 MB at most outside of /mnt/data, half of its memory, as it has no disk, not 100MB.',
    ],
    [{ resources: { storage: '1MB' } }, 'it is 16 MB at least'],
    [{ resources: { cpu: '0.01' } }, 'a share of 0.05 of the processor is the least, not 0.01.'],
    [{ networking: { enabled: true, ports: [0] } }, '0 is no port; ports go from 1 to 65535.'],
    [{ networking: { enabled: true, ports: Array.from({ length: 17 }, (_, at) => at + 1) } }, '16 ports are the most'],
    [
      { volumes: Array.from({ length: 9 }, (_, at) => ({ source: `${at}`, target: `/srv/${at}` })) },
      'volumes: 8 are the most.',
    ],
    [{ environment: { BIG: 'x'.repeat(16_384) } }, '16384 characters in all are the most.'],
  ])('%j', (asked, sentence) => expect(refused(asked)).toContain(sentence));

  test('more than one processor is given as one, and said', () => {
    const { spec, notes } = read({ resources: { cpu: '2.0' } });
    expect(spec.cpuShare).toBe(1);
    expect(notes).toEqual(['resources.cpu: 2.0 is given as 1.0, for a machine has one processor.']);
  });

  test('what is at a bound is taken', () => {
    expect(read({ resources: { memory: '890MB', cpu: '0.05', storage: '16MB' } }).spec).toMatchObject({
      memoryMB: 890,
      cpuShare: 0.05,
      storageMB: 16,
    });
    expect(read({ image: 'alpine-dev', resources: { memory: '96MB' } }).spec).toMatchObject({ storageMB: 48 });
  });
});

describe('what is no spec is refused with what is wrong', () => {
  test.each([
    [{ name: 'Web Server' }, 'A name is 1 to 31 small letters'],
    [{ name: 'default' }, 'is not “default”'],
    [{ image: 'ubuntu' }, 'image is one of python-data, nodejs-web, alpine-dev.'],
    [{ version: 2 }, 'version is 1, or left out.'],
    [{ resources: { memory: 512 } }, 'resources.memory is a number with its unit, as 512MB.'],
    [{ resources: { memory: '512' } }, 'resources.memory is a number with its unit'],
    [{ resources: { cpu: '-1' } }, 'resources.cpu is a text as 0.5'],
    [{ resources: { gpu: '1' } }, 'There is no field resources.gpu.'],
    [{ networking: {} }, 'networking.enabled is missing.'],
    [{ networking: { enabled: false, allowedHosts: ['a.org'] } }, 'a machine whose network is off has no allowedHosts'],
    [{ networking: { enabled: true, allowedHosts: ['*'] } }, 'networking.allowedHosts: * is no host'],
    [{ image: 'alpine-dev', networking: { enabled: true } }, 'networking: alpine-dev reaches no network'],
    [{ volumes: [{ source: '/etc', target: '/srv/etc' }] }, '/etc is not below /mnt/data'],
    [{ volumes: [{ source: '../x', target: '/srv/x' }] }, '../x is no path below /mnt/data.'],
    [{ volumes: [{ source: 'a', target: 'srv' }] }, 'srv is no place for one'],
    [{ volumes: [{ source: 'a', target: '/' }] }, '/ is no place for one'],
    [{ volumes: [{ source: 'a', target: '/srv/../etc' }] }, 'is no place for one'],
    [{ volumes: [{ source: 'a', target: '/usr/bin' }] }, '/usr/bin is no place for one'],
    [{ volumes: [{ source: 'a', target: '/mnt/data/b' }] }, 'is no place for one'],
    [
      {
        volumes: [
          { source: 'a', target: '/srv' },
          { source: 'b', target: '/srv/b' },
        ],
      },
      'two of them meet at /srv/b.',
    ],
    [{ environment: { '1A': '' } }, '1A is no name of a variable.'],
    [{ environment: { PATH: '/x' } }, 'PATH is set by the machine itself.'],
    [{ environment: { A: 'a\0b' } }, 'the value of A holds a zero character.'],
  ])('%j', (asked, sentence) => expect(refused(asked)).toContain(sentence));

  test.each([null, 'web', 7])('%j', (value) => {
    const answer = readMachineSpec(value);
    expect(answer.ok ? '' : answer.error.detail).toBe('A spec is an object with name and image.');
  });

  test('text that is no JSON', () => {
    expect(readMachineText('{name:')).toMatchObject({ ok: false, error: { detail: 'It is no JSON.' } });
    expect(readMachineText(JSON.stringify(LEAST)).ok).toBe(true);
  });
});
