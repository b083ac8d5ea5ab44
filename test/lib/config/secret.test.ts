import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { nameOf, type Reference, Secret, secret, secretsIn, withSecrets } from '../../../lib/config/secret.ts';

const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:occi/one-AbCdEf';
const settings = z.strictObject({ user: z.string(), password: secret(), others: z.array(secret()).default([]) });
const parse = (password: unknown, others?: unknown[]) => settings.parse({ user: 'u', password, others });

describe('A secret in settings', () => {
  test.each<[unknown, Reference]>([
    [{ parameter: '/occi/prod/one' }, { parameter: '/occi/prod/one' }],
    [{ secret: ARN }, { secret: ARN }],
    [
      { secret: ARN, field: 'password' },
      { secret: ARN, field: 'password' },
    ],
  ])('is where it is kept: %j', (given, reference) => {
    expect(secretsIn(parse(given))).toEqual([{ at: ['password'], secret: new Secret(reference) }]);
  });

  test.each([
    ['', 5, null, [], {}],
    [{ parameter: 'one' }, { parameter: '/' }, { parameter: '/a b' }, { parameter: '/a', field: 'b' }],
    [{ secret: 'one' }, { secret: ARN.slice(0, -7) }, { secret: ARN, field: '' }, { secret: ARN, key: 'a' }],
  ])('is nothing else', (...wrong) => {
    for (const given of wrong) expect(settings.safeParse({ user: 'u', password: given }).success).toBe(false);
  });

  test('is found wherever it stands', () => {
    expect(secretsIn(parse('plain', [{ parameter: '/a' }, 'b'])).map(({ at }) => at.join('.'))).toEqual([
      'password',
      'others.0',
      'others.1',
    ]);
    expect(secretsIn('text')).toEqual([]);
  });

  test('gives its text to the code that asks for it', () => {
    const textOf = ({ text, reference }: Secret) => text ?? nameOf(reference!);
    expect(withSecrets(parse({ secret: ARN, field: 'x' }, [{ parameter: '/a' }, 'b']), textOf)).toEqual({
      user: 'u',
      password: `secret ${ARN} field x`,
      others: ['parameter /a', 'b'],
    });
  });

  test('does not show its text', () => {
    const parsed = parse('s3cret');
    for (const shown of [
      inspect(parsed, { depth: 9, showHidden: true }),
      JSON.stringify(parsed),
      `${parsed.password}`,
    ]) {
      expect(shown).not.toContain('s3cret');
    }
  });
});
