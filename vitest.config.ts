import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tests/support/longest-first.ts';
import { isWhole } from './tests/support/whole.ts';

/** What seldom changes, or is like another, and costs minutes: in the whole run alone (decisions 0165, 0172, 0188). */
const OF_THE_WHOLE = [
  // Two engines, the tools that make them, and the stand-in of the site: each changes with itself.
  'tests/node/javascript-test262.test.ts',
  'tests/node/python-conformance.test.ts',
  'tests/node/vendor-from-url.test.ts',
  'tests/node/linux-wheels.test.ts',
  'tests/node/linux-image-files.test.ts',
  'tests/e2e/site.test.ts',
  'tests/e2e/site-blocks.test.ts',
  'tests/e2e/site-composer.test.ts',
  'tests/e2e/site-firefox.test.ts',
  'tests/e2e/scene-bar.test.ts',
  // Of one browser or engine, what another shows every day.
  'tests/node/shell-of-small-image.test.ts',
  'tests/browser/container-suite-firefox.test.ts',
  'tests/security/card-covered-presses-firefox.test.ts',
  'tests/e2e/card-terminal-firefox.test.ts',
  'tests/e2e/composer-firefox.test.ts',
  'tests/e2e/linux-faults.test.ts',
  'tests/e2e/linux-phone-firefox.test.ts',
  'tests/e2e/linux-saving.test.ts',
  'tests/e2e/page-forms-firefox.test.ts',
  'tests/e2e/block-runs-firefox.test.ts',
  'tests/e2e/linux-tool-pack-firefox.test.ts',
  'tests/e2e/popup-firefox.test.ts',
  // A part of the surroundings broken on purpose, or a setting changed, and seen in each place; parts of it are shown without a page.
  'tests/browser/linux-save-faults.test.ts',
  'tests/e2e/card-states.test.ts',
  'tests/e2e/limits.test.ts',
  'tests/e2e/linux-meter.test.ts',
  'tests/e2e/linux-tool-pack.test.ts',
  'tests/e2e/network.test.ts',
  'tests/e2e/page-switch.test.ts',
  'tests/e2e/page-ways.test.ts',
  'tests/e2e/popup-settings.test.ts',
  'tests/e2e/raise-limits.test.ts',
  'tests/e2e/recovery-surroundings.test.ts',
  'tests/e2e/scenarios-conversations.test.ts',
  'tests/e2e/thinking.test.ts',
];
const exclude = isWhole ? [] : OF_THE_WHOLE;

/** Of `expect.poll`; vitest's own bound of one second is short for a machine with much else to do. */
const expect = { poll: { timeout: 60_000 } };

/** Suites that drive a browser. Each file has one of its own, so two at a time: one leaves a fourth of two cores idle. */
const inBrowser = (name: string, include: string[], retry: 0 | 1) => ({
  test: {
    name,
    include,
    exclude,
    environment: 'node' as const,
    globalSetup: './tests/support/built-first.ts',
    maxWorkers: 2,
    // Told at the end, and bounded (decision 0123).
    retry,
    testTimeout: 120_000,
    hookTimeout: 300_000,
    expect,
  },
});

/** The real engines in worker threads: some hundred megabytes each, so two files at a time and no more. */
const inNode = (name: string, include: string[], execArgv: string[] = []) => ({
  test: {
    name,
    include,
    exclude,
    environment: 'node' as const,
    execArgv,
    maxWorkers: 2,
    // Longer than any program of a test may run, so that its own end is what a slow machine shows.
    testTimeout: 180_000,
    // The first interpreter of a machine reads its files from a cold disk.
    hookTimeout: 180_000,
    expect,
  },
});

export default defineConfig({
  test: {
    passWithNoTests: false,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'tools/**/*.test.ts', 'tests/support/**/*.test.ts'],
          environment: 'node',
          // One less than there are processors unless it is said, which is one where there are two.
          maxWorkers: 2,
          testTimeout: 60_000,
          expect,
        },
        oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
      },
      {
        test: {
          name: 'architecture',
          include: ['tests/architecture/**/*.test.ts'],
          environment: 'node',
          maxWorkers: 2,
          testTimeout: 120_000,
          expect,
        },
      },
      // The suites of the shell too: their machines work for minutes, in which the optimiser pays.
      inNode('node', ['tests/node/!(linux-)*.test.ts']),
      // V8 spends most of a new machine's time on optimising what the emulator has translated (decision 0107).
      inNode('linux', ['tests/node/linux-*.test.ts', 'tests/security/linux-*.test.ts'], ['--liftoff-only']),
      inBrowser('browser', ['tests/browser/**/*.test.ts'], 1),
      // An attack that succeeds one time in two has succeeded.
      inBrowser('security', ['tests/security/!(linux-)*.test.ts'], 0),
      inBrowser('e2e', ['tests/e2e/**/*.test.ts'], 1),
    ],
  },
});
