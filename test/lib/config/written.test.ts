import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { ADAPTERS } from '../../../adapters/index.ts';
import { forStart } from '../../../functions/settings.ts';
import { fieldsOf } from '../../../lib/config/fields.ts';
import { entriesOf, listFrom, plainFrom } from '../../../lib/config/written.ts';

const schema = z.strictObject({
  names: z.array(z.string()).default([]).describe('Names.'),
  ports: z.array(z.int().max(65_535)).max(5).optional().describe('Ports.'),
  flags: z.array(z.boolean()).describe('Flags.'),
  colours: z.array(z.enum(['red', 'green'])).describe('Colours.'),
  which: z.union([z.enum(['all', 'none']), z.array(z.string().regex(/^net-/))]).describe('Which.'),
  pools: z.array(z.strictObject({ name: z.string().describe('Name.') })).describe('Pools.'),
  one: z.string().describe('One.'),
});

const fields = new Map(fieldsOf(schema).map((field) => [field.key, field]));
const read = (key: string, text: string) => listFrom(text, fields.get(key)!.list!);

describe('A list that is written as text', () => {
  test.each([
    ['names', 'anne', ['anne']],
    ['names', 'anne,bert', ['anne', 'bert']],
    ['names', ' anne , bert ', ['anne', 'bert']],
    ['names', '007,true,8080', ['007', 'true', '8080']],
    ['names', 'arn:aws:iam::1:role/a/b=c', ['arn:aws:iam::1:role/a/b=c']],
    ['names', '["anne, bert","carla"]', ['anne, bert', 'carla']],
    ['names', '', []],
    ['names', 'anne,', ['anne', '']],
    ['ports', '80', [80]],
    ['ports', '80, 443', [80, 443]],
    ['ports', '[80,443]', [80, 443]],
    ['ports', '80,http', [80, 'http']],
    ['flags', 'true,false', [true, false]],
    ['colours', 'red,green', ['red', 'green']],
    ['which', 'all', 'all'],
    ['which', 'net-1', ['net-1']],
    ['which', 'net-1,net-2', ['net-1', 'net-2']],
    ['which', 'al', ['al']],
  ])('%s: %s', (key, text, value) => {
    expect(read(key, text)).toEqual(value);
  });

  test('begins like JSON and is none', () => {
    expect(() => read('names', '[anne')).toThrow(SyntaxError);
  });

  test('has plain entries: a list of maps is JSON only, and what is no list has none', () => {
    expect(fields.get('pools')).not.toHaveProperty('list');
    expect(fields.get('one')).not.toHaveProperty('list');
  });

  test('is every list of plain values among the settings of the service and of the clouds', async () => {
    const schemas = [forStart.service];
    for (const load of Object.values(ADAPTERS)) schemas.push((await load()).settings as never);
    const all = schemas.flatMap((one) => fieldsOf(one));
    const lists = all.filter(({ values }) => /(^|or )list: (?!map|basic)/.test(values));
    expect(lists.length).toBeGreaterThan(8);
    expect(lists.filter(({ list }) => list === undefined).map(({ key }) => key)).toEqual([]);
  });
});

test('Entries lose the spaces around them, and no text has no entry', () => {
  expect([entriesOf('a, b ,c'), entriesOf(' '), entriesOf('a,,b')]).toEqual([['a', 'b', 'c'], [], ['a', '', 'b']]);
});

test.each([
  ['5', 5],
  ['-1.5', -1.5],
  ['007', '007'],
  ['1e400', '1e400'],
  ['true', true],
  ['', ''],
  ['{"a":[1]}', { a: [1] }],
])('%s is read as %p', (text, value) => {
  expect(plainFrom(text)).toEqual(value);
});
