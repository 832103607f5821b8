import { describe, expect, it } from 'vitest';
import { contentText } from './content.ts';

const card = (fields: object) => contentText({ content_type: 'fruit_card', ...fields });

describe('the text of a content type that is not known', () => {
  it.each<[string, object, string]>([
    ['in a list', { sections: [{ heading: 'Pears', text: 'They are green.' }] }, 'Pears\nThey are green.'],
    ['in an object in an object', { payload: { layout: [{ text: 'Plums' }, { text: 'Figs' }] } }, 'Plums\nFigs'],
    ['in a part of another type', { parts: [{ content_type: 'inner', shelf: [{ text: 'Nuts' }] }] }, 'Nuts'],
    ['as HTML', { text: '', parts: [], html: '<p>Apples</p>' }, '<p>Apples</p>'],
    ['in lists of strings', { shelf: { bullets: ['Apples', 'Pears'] } }, 'Apples\nPears'],
    ['under no key that speaks of text', { verses: ['An apple falls.', 'id-7'] }, 'An apple falls.'],
  ])('is found %s', (_where, fields, text) => {
    expect(card(fields)).toBe(text);
  });

  it('is its text, then its parts, then what is nested beside them', () => {
    expect(card({ text: 'Fruit:', parts: ['apples', 'pears'] })).toBe('Fruit:\napples\npears');
    expect(card({ title: 'Basket', text: 'Fruit:', shelf: [{ text: 'plums' }], id: 'f 1' })).toBe('Fruit:\nplums');
    expect(card({ parts: [{ text: 'apples', more: { text: 'red' } }, 'pears'] })).toBe('apples\nred\npears');
  });

  it('has none of what describes a picture, and no address of a file', () => {
    const picture = { content_type: 'image_asset_pointer', metadata: { dalle: { prompt: 'an apple' } } };
    expect(card({ shelf: [picture, { text: 'sediment://file_1' }] })).toBe('');
    expect(card({ parts: [picture, 'Pears'] })).toBe('Pears');
  });

  it('is bounded, however wide and deep its shape is', () => {
    const wide = Array.from({ length: 30_000 }, () => ({ amount: 1 }));
    expect(card({ shelf: [...wide, { text: 'too far' }] })).toBe('');
    let deep: object = { text: 'too deep' };
    for (let depth = 0; depth < 5_000; depth += 1) deep = { shelf: deep };
    expect(card(deep)).toBe('');
    expect(card({ shelf: Array.from({ length: 2_000 }, () => ({ text: 'a' })) }).split('\n')).toHaveLength(500);
  });
});

describe('the text of a widget', () => {
  it('is found in its properties', () => {
    expect(contentText({ content_type: 'super_widget', widgets: [{ type: 'x', props: { title: 'Basket' } }] })).toBe(
      'Basket',
    );
  });
});

describe('the text of a known type', () => {
  it('is in its parts where its field of text is empty', () => {
    expect(contentText({ content_type: 'text', text: '', parts: ['Apples'] })).toBe('Apples');
  });
});
