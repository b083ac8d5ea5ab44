import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OcciError } from '../../../lib/errors.ts';
import { KINDS } from '../../../lib/occi/kinds/index.ts';
import { MIXINS } from '../../../lib/occi/mixins/index.ts';
import type {
  AttributeDefinition,
  AttributeDefinitions,
  AttributeValue,
  Kind,
  Mixin,
} from '../../../lib/occi/types.ts';
import { checkedAttributes, checkedValue, checkRequired } from '../../../lib/occi/validate.ts';
import { processorTime } from '../../processor-time.ts';

const number: AttributeDefinition = { type: 'number', mutable: true, minimum: 0, maximum: 10 };
const integer: AttributeDefinition = { type: 'integer', mutable: true, minimum: -2 };
const boolean: AttributeDefinition = { type: 'boolean', mutable: true };
const text = (more: Partial<AttributeDefinition> = {}): AttributeDefinition => ({
  type: 'string',
  mutable: true,
  ...more,
});
const RULES = KINDS.securitygroup.attributes['occi.securitygroup.rules'];

const good: Record<string, [AttributeDefinition, AttributeValue, AttributeValue?][]> = {
  'a number, quoted as old clients do it or not': [
    [number, 0],
    [number, 2.5],
    [number, '2.5', 2.5],
    [number, '+3', 3],
    [number, '.5', 0.5],
    [number, '4.', 4],
  ],
  'a whole number': [
    [integer, -2],
    [integer, '7', 7],
    [integer, 9007199254740991],
  ],
  'a boolean': [
    [boolean, true],
    [boolean, 'false', false],
  ],
  text: [
    [text(), ''],
    [text(), 'a "quoted", text; with = and \\'],
    [text({ maxLength: 2 }), 'ab'],
    [text(), '😀'],
  ],
  'a value of an enumeration': [[text({ values: ['x86', 'x64'] }), 'x64']],
  'an address': [
    [text({ format: 'ip' }), '10.0.0.1'],
    [text({ format: 'ip' }), '2001:db8::1'],
  ],
  'a network': [
    [text({ format: 'cidr' }), '10.0.0.0/8'],
    [text({ format: 'cidr' }), '2001:db8::/64'],
    [text({ format: 'cidr' }), '0.0.0.0/0'],
  ],
  'a MAC address': [[text({ format: 'mac' }), '02:00:00:aB:cd:EF']],
  base64: [
    [text({ format: 'base64' }), 'I2Nsb3VkLWNvbmZpZw=='],
    [text({ format: 'base64' }), ''],
    [text({ format: 'base64' }), 'SGVs bG8='],
  ],
  'a public key': [
    [text({ format: 'ssh-key' }), 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 me@host with blanks'],
    [text({ format: 'ssh-key' }), 'ssh-rsa AAAA'],
    [text({ format: 'ssh-key' }), 'sk-ssh-ed25519@openssh.com AAAA'],
  ],
  'a list of objects, in text as JSON': [
    [RULES, [{ type: 'inbound' }]],
    [RULES, '[{"type":"outbound","port":"80"}]', [{ type: 'outbound', port: '80' }]],
    [RULES, []],
  ],
};
describe.each(Object.entries(good))('%s', (_, cases) => {
  test.each(cases)('%j takes %j', (definition, value, checked = value) => {
    expect(checkedValue('a', value, definition)).toEqual(checked);
  });
});

const bad: [AttributeDefinition, unknown][] = [
  ...[
    -1,
    10.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '1e3',
    '0x1',
    '',
    ' 1',
    '1 ',
    'NaN',
    true,
    null,
    [],
    {},
    [1],
    '١',
  ].map((value): [AttributeDefinition, unknown] => [number, value]),
  ...[1.5, '1.5', -3, 1e300].map((value): [AttributeDefinition, unknown] => [integer, value]),
  ...['yes', 1, 0, 'TRUE', null].map((value): [AttributeDefinition, unknown] => [boolean, value]),
  ...[1, true, null, [], {}].map((value): [AttributeDefinition, unknown] => [text(), value]),
  [text({ maxLength: 2 }), 'abc'],
  ...['z80', 'X86', '', 'constructor', '__proto__'].map((value): [AttributeDefinition, unknown] => [
    text({ values: ['x86', 'x64'] }),
    value,
  ]),
  ...['', '10.0.0', '10.0.0.256', '10.0.0.1/8', 'x', '::1::'].map((value): [AttributeDefinition, unknown] => [
    text({ format: 'ip' }),
    value,
  ]),
  ...['10.0.0.0', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '::/129', '/8', '10.0.0.0/-1', '10.0.0.0/1e1'].map(
    (value): [AttributeDefinition, unknown] => [text({ format: 'cidr' }), value],
  ),
  ...['', '02:00:00:00:00', '02-00-00-00-00-00', '02:00:00:00:00:0g', '02:00:00:00:00:00\n'].map(
    (value): [AttributeDefinition, unknown] => [text({ format: 'mac' }), value],
  ),
  ...['a!', '=a', '===', 'ä'].map((value): [AttributeDefinition, unknown] => [text({ format: 'base64' }), value]),
  ...['', 'AAAA', 'ssh-rsa', 'ssh-rsa !', 'ssh-rsa AAAA\nssh-rsa BBBB'].map((value): [AttributeDefinition, unknown] => [
    text({ format: 'ssh-key' }),
    value,
  ]),
  ...['a\nb', 'a\r'].map((value): [AttributeDefinition, unknown] => [text({ format: 'line' }), value]),
  ...[
    {},
    [{}],
    [{ type: 'inbound', more: 1 }],
    [{ type: 'x' }],
    [null],
    'x',
    '[',
    '[1]',
    JSON.parse('[{"type":"inbound","__proto__":{"x":1}}]'),
  ].map((value): [AttributeDefinition, unknown] => [RULES, value]),
];
test.each(bad)('%j refuses %j, naming the attribute and what it may be', (definition, value) => {
  expect(() => checkedValue('org.example.a', value as AttributeValue, definition)).toThrow(
    expect.objectContaining({
      failure: 'invalid',
      message: expect.stringMatching(/^The attribute org\.example\.a must be .+\.$/),
    }),
  );
});

/** Every definition in the tables. */
const tables: (Kind | Mixin)[] = [...Object.values(KINDS), ...Object.values(MIXINS)];
const definitions = tables.flatMap(({ attributes }) => Object.entries((attributes ?? {}) as AttributeDefinitions));

test('a text that is too long is told how long it may be, whatever its format', () => {
  const definition = { type: 'string', mutable: true, maxLength: 4, format: 'base64' } as const;
  const check = (value: string) => () => checkedValue('data', value, definition);
  expect(check('QUJDRA==')).toThrow('The attribute data may have 4 characters, and has 8.');
  expect(check('é')).toThrow('The attribute data must be base64.');
});

test('whatever comes for whichever attribute, it is a checked value or a refusal', () => {
  const property = fc.property(
    fc.constantFrom(...definitions),
    fc.oneof(fc.jsonValue(), fc.string(), fc.double()),
    ([name, definition], value) => {
      try {
        const checked = checkedValue(name, value as AttributeValue, definition);
        expect(checkedValue(name, checked, definition)).toEqual(checked);
      } catch (error) {
        expect(error).toBeInstanceOf(OcciError);
        expect((error as OcciError).failure).toBe('invalid');
      }
    },
  );
  fc.assert(property, { numRuns: 2000 });
});

test.each(definitions)('%s: long values cost no more than their length', (name, definition) => {
  const spent = processorTime();
  for (const value of [
    `${' '.repeat(50_000)}!`,
    `${'A='.repeat(25_000)}`,
    `${'9'.repeat(50_000)}x`,
    `ssh-rsa A ${' '.repeat(25_000)}`,
    `ssh-rsa A${' \n'.repeat(50_000)}x`,
    '['.repeat(30_000),
  ]) {
    try {
      checkedValue(name, value, definition);
    } catch (error) {
      expect(error).toBeInstanceOf(OcciError);
    }
  }
  expect(spent()).toBeLessThan(1000);
});

describe('All attributes together', () => {
  const all = {
    'org.example.a': text(),
    'org.example.b': { ...integer, required: true },
    'org.example.c': { ...text(), mutable: false, required: true },
  };

  test('are checked one by one, and a name that is not defined is refused, those of every object too (D-5)', () => {
    expect(checkedAttributes({ 'org.example.a': 'x', 'org.example.b': '1' }, all, 'this')).toEqual({
      'org.example.a': 'x',
      'org.example.b': 1,
    });
    for (const name of ['org.example.d', 'constructor', 'toString', 'hasOwnProperty']) {
      expect(() => checkedAttributes({ [name]: 'x' }, all, 'this')).toThrow(
        expect.objectContaining({ failure: 'invalid', message: expect.stringContaining(name) }),
      );
    }
  });

  test('what the client must send is asked for, what the server sets is not (CORE-4)', () => {
    expect(() => checkRequired({ 'org.example.a': 'x' }, all, 'this')).toThrow(/org\.example\.b/);
    expect(() => checkRequired({ 'org.example.b': 0 }, all, 'this')).not.toThrow();
  });
});
