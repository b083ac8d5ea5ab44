import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { Secret } from '../../../lib/config/secret.ts';
import { logger } from '../../../lib/log.ts';
import { renewed, SECRET_TTL_MS } from '../../../lib/secrets/renewed.ts';

process.env.AWS_REGION ??= 'eu-central-1';

const ssm = mockClient(SSMClient);
const keep = (Value: string) => ssm.on(GetParameterCommand).resolves({ Parameter: { Value } });
const lose = () => ssm.on(GetParameterCommand).rejects(new Error('no answer'));

let now: number;
beforeEach(() => {
  ssm.reset();
  now = 1_000_000;
  jest.spyOn(Date, 'now').mockImplementation(() => now);
});
afterEach(() => {
  jest.restoreAllMocks();
});

const parameter = new Secret({ parameter: '/one' });
/** Settings as an adapter has them after parsing, and how often something is made of them. */
const start = (settings: object = { user: 'u', password: parameter, again: parameter }) => {
  const make = jest.fn((given: object) => ({ given }));
  return { make, get: renewed(settings, make) };
};

describe('What is made of settings with secrets', () => {
  test('is made at the first request, with each secret read once', async () => {
    keep('first');
    const { get, make } = start();
    expect(ssm.calls()).toHaveLength(0);
    const all = await Promise.all([get(), get(), get()]);
    expect(all[0]).toEqual({ given: { user: 'u', password: 'first', again: 'first' } });
    expect(new Set(all).size).toBe(1);
    expect(make).toHaveBeenCalledTimes(1);
    expect(ssm.calls()).toHaveLength(1);
  });

  test('stays for five minutes, and on while the secret is the same', async () => {
    keep('first');
    const { get, make } = start();
    const first = await get();
    now += SECRET_TTL_MS - 1;
    expect(await get()).toBe(first);
    expect(ssm.calls()).toHaveLength(1);
    now += 1;
    expect(await get()).toBe(first);
    expect(ssm.calls()).toHaveLength(2);
    expect(make).toHaveBeenCalledTimes(1);
  });

  test('is rebuilt after a secret was rotated', async () => {
    keep('first');
    const { get } = start();
    await get();
    keep('second');
    now += SECRET_TTL_MS;
    expect(await get()).toEqual({ given: { user: 'u', password: 'second', again: 'second' } });
  });

  test('is 503 while a secret was never read, and tried again with the next request', async () => {
    lose();
    const { get } = start();
    await expect(get()).rejects.toMatchObject({ failure: 'unavailable' });
    keep('first');
    expect(await get()).toMatchObject({ given: { password: 'first' } });
  });

  test('stays in use for half a minute when the new secret cannot be read', async () => {
    keep('s3cret');
    const { get } = start();
    const first = await get();
    lose();
    const warn = jest.spyOn(logger, 'warn').mockImplementation(() => {});
    now += SECRET_TTL_MS;
    expect(await get()).toBe(first);
    expect(await get()).toBe(first);
    expect(ssm.calls()).toHaveLength(2);
    expect(warn.mock.calls).toEqual([
      ['the last known secret is still in use', { reason: 'parameter /one cannot be read: no answer' }],
    ]);
    keep('second');
    now += 30_000;
    expect(await get()).toMatchObject({ given: { password: 'second' } });
  });

  test('needs nothing of AWS where secrets are written out, as in a local run', async () => {
    const { get } = start({ password: new Secret('plain') });
    expect(await get()).toEqual({ given: { password: 'plain' } });
    expect(ssm.calls()).toHaveLength(0);
  });
});
