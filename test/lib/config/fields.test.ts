import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { type Field, fieldsOf } from '../../../lib/config/fields.ts';
import { descriptionAt } from '../../../lib/config/schema.ts';
import { secret } from '../../../lib/config/secret.ts';

const schema = z
  .strictObject({
    share: z.number().positive().max(1).default(0.5).describe('Share.'),
    fast: z.boolean().optional().describe('Fast.'),
    names: z.array(z.string()).default([]).describe('Names.'),
    url: z
      .url()
      .refine((text) => text.length < 99, 'must be a short URL')
      .describe('URL.'),
    password: secret().describe('Password.'),
    from: z.union([z.literal('*'), z.array(z.ipv4())]).describe('From.'),
    disk: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('local').describe('Kind.'), size: z.int().min(1).describe('Size, in GiB.') }),
        z.strictObject({ kind: z.literal('remote').describe('Kind.'), size: z.string().describe('Name of a size.') }),
      ])
      .prefault({ kind: 'local', size: 1 })
      .describe('Disk.'),
    groups: z.record(z.string(), z.strictObject({ id: z.int().describe('Id.') })).describe('Groups.'),
  })
  .transform((read) => ({ ...read }));

const field = (key: string, condition?: string): Partial<Field> | undefined =>
  fieldsOf(schema).find((one) => one.key === key && one.condition === condition);

describe('The fields of a schema', () => {
  test('stand in its order, with those inside', () => {
    expect(
      fieldsOf(schema).map(({ key, condition }) => [key, ...(condition === undefined ? [] : [condition])]),
    ).toEqual([
      ...[['share'], ['fast'], ['names'], ['url'], ['password'], ['from'], ['disk'], ['disk.kind']],
      ...[['disk.size', 'kind: local'], ['disk.size', 'kind: remote'], ['groups'], ['groups.<name>.id']],
    ]);
  });

  test.each([
    ['share', undefined, 'number, over 0 to 1'],
    ['names', undefined, 'list: text'],
    ['url', undefined, 'a short URL'],
    ['from', undefined, '`*` or list: IPv4 address'],
    ['disk.kind', undefined, '`local`, `remote`'],
    ['disk.size', 'kind: local', 'whole number, at least 1'],
    ['disk.size', 'kind: remote', 'text'],
    ['groups', undefined, 'map'],
  ])('%s (%s) may be: %s', (key, condition, values) => {
    expect(field(key, condition)?.values).toBe(values);
  });

  test('that are secrets say where a secret is kept', () => {
    expect(field('password')?.values).toMatch(/^\{ parameter: \/name \} of Parameter Store or /);
  });

  test('are required without a default', () => {
    expect(field('share')).toMatchObject({ isRequired: false, default: 0.5 });
    expect(field('fast')).toMatchObject({ isRequired: false, isFlag: true });
    expect(field('fast')).not.toHaveProperty('default');
    expect(field('url')).toMatchObject({ isRequired: true, isText: true, isFlag: false });
    expect(field('disk')).toMatchObject({ isRequired: false });
  });
});

describe('The description at a path', () => {
  test.each([
    [['share'], {}, 'Share.'],
    [['names', 3], {}, 'Names.'],
    [['password', 'parameter'], {}, 'Password.'],
    [['disk', 'size'], { disk: { kind: 'remote' } }, 'Name of a size.'],
    [['disk', 'size'], { disk: { kind: 'local' } }, 'Size, in GiB.'],
    [['groups', 'a', 'id'], { groups: null }, 'Id.'],
    [['groups', 'a', 'unknown'], {}, 'Groups.'],
    [['unknown'], {}, undefined],
    [[], {}, undefined],
  ])('%j in %j is %j', (path, input, description) => {
    expect(descriptionAt(schema, path, input)).toBe(description);
  });
});
