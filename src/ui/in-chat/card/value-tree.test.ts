// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { open, press } from '../../../../tests/support/open-card.ts';
import { until } from '../../../../tests/support/until.ts';

async function shown(data: Readonly<Record<string, string>>) {
  const card = await open();
  card.run.tell({ kind: 'display', display: { id: 'd', data, table: null, artifact: null } });
  await until(() => expect(card.part('tree') ?? card.part('display')).not.toBeNull());
  const tree = card.part('tree');
  const folds = () => [...(tree?.querySelectorAll('details') ?? [])];
  const unfold = (name: string) => {
    const fold = folds().find((one) => one.querySelector('summary')?.textContent?.startsWith(name));
    if (fold === undefined) throw new Error(`no fold of ${name}`);
    fold.open = true;
    fold.dispatchEvent(new Event('toggle'));
  };
  const words = () => tree?.textContent?.replaceAll(/\s+/g, ' ').trim();
  return { ...card, tree, folds, unfold, words };
}

it('data is a tree whose parts are drawn when they are unfolded', async () => {
  const { part, folds, unfold, words } = await shown({
    'application/json': JSON.stringify({ name: 'Ada "A"', gone: null, deep: { list: [1, true] } }),
  });
  expect(part('display')).toBeNull();
  expect(words()).toBe('Value {3}name: "Ada \\"A\\""gone: nulldeep {1}');
  expect(folds()).toHaveLength(2);
  unfold('deep');
  await until(() => expect(folds()).toHaveLength(3));
  unfold('list');
  await until(() => expect(words()).toContain('list [2]0: 11: true'));
});

it('a long list is drawn in steps', async () => {
  const { tree, button } = await shown({
    'application/json': JSON.stringify(Array.from({ length: 150 }, (_, at) => at)),
  });
  expect(tree?.querySelectorAll('li')).toHaveLength(100);
  press(button('more'));
  await until(() => expect(tree?.querySelectorAll('li')).toHaveLength(150));
  expect(button('more')).toBeNull();
});

it('beside its text it is folded, for the text may say more', async () => {
  const { part, tree, folds } = await shown({ 'text/plain': '{ f: [Function] }', 'application/json': '{"a":1}' });
  expect(part('display')?.textContent).toBe('{ f: [Function] }');
  expect(folds()[0]?.open).toBe(false);
  expect(tree?.querySelector('li')).toBeNull();
});

it.each([['7'], ['null'], ['{"cut":'], [`["${'x'.repeat(1_000_000)}"]`]])(
  'what is no object, or too long, stays text',
  async (json) => {
    const { part, tree } = await shown({ 'application/json': json });
    expect(tree).toBeNull();
    expect(part('display')?.textContent).toBe(json);
  },
);

it('a number with more digits than a number here is shown as it was written', async () => {
  const { words } = await shown({
    'application/json':
      '{"id": 9007199254740993, "small": -12345678901234567890, "text": "9007199254740993", "one": 1}',
  });
  expect(words()).toBe('Value {4}id: 9007199254740993small: -12345678901234567890text: "9007199254740993"one: 1');
});
