import { describe, expect, test } from '@jest/globals';
import { always, errorTranslation, firstMatch, UNKNOWN_REFUSAL } from '../../../lib/adapter/refusals.ts';
import { OcciError } from '../../../lib/errors.ts';

class Refused extends Error {}

const RULES = [
  {
    when: /^gone (\w+)$/,
    as: ([, name]: readonly string[], kind: string) => ({
      failure: 'notFound' as const,
      message: `No ${kind} ${name}.`,
    }),
  },
  { when: /^gone/, as: always('conflict', 'Later.') },
  { when: /^busy/, as: always('unavailable', 'Busy.') },
];

const { toOcciError, translateErrors } = errorTranslation<Refused>({
  isRefusal: (error) => error instanceof Refused,
  clientErrorOf: ({ message }, kind) => firstMatch(RULES, message, kind) ?? UNKNOWN_REFUSAL,
  retryAfterSeconds: 7,
  isUnseen: ({ message }) => message.endsWith('new'),
});

test('The first rule that matches applies, with what it matched', () => {
  expect(firstMatch(RULES, 'gone web', 'compute')).toEqual({ failure: 'notFound', message: 'No compute web.' });
  expect(firstMatch(RULES, 'gone for good', 'compute')).toEqual({ failure: 'conflict', message: 'Later.' });
  expect(firstMatch(RULES, 'other', 'compute')).toBeUndefined();
});

describe('A translation', () => {
  test('turns a refusal into its failure, with the refusal as the cause', () => {
    const cause = new Refused('gone web');
    expect(toOcciError(cause, 'storage')).toMatchObject({ failure: 'notFound', message: 'No storage web.', cause });
    expect(toOcciError(new Refused('?'), 'storage').failure).toBe('internal');
  });

  test('says when to retry what is unavailable, and nothing else', () => {
    expect(toOcciError(new Refused('busy'), 'compute').headers).toEqual({ 'Retry-After': '7' });
    expect(toOcciError(new Refused('gone web'), 'compute').headers ?? {}).toEqual({});
  });

  test('marks a notFound that may be about something made a moment ago', () => {
    expect(toOcciError(new Refused('gone new'), 'compute').unseen).toBe(true);
    expect(toOcciError(new Refused('gone web'), 'compute').unseen).toBe(false);
  });

  test('leaves an OcciError alone, and calls a fault of the adapter internal', async () => {
    const own = new OcciError('invalid', 'No.');
    await expect(translateErrors('compute', () => Promise.reject(own))).rejects.toBe(own);
    const fault = new TypeError('x is undefined');
    await expect(translateErrors('compute', () => Promise.reject(fault))).rejects.toMatchObject({
      failure: 'internal',
      message: 'The adapter failed.',
      cause: fault,
    });
    expect(await translateErrors('compute', async () => 1)).toBe(1);
  });
});
