/** Computes of a failing cloud: every request ends in time with a suitable error. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { compute } from '../../../adapters/opennebula/compute/compute.ts';
import { mixinId } from '../../../adapters/opennebula/mixins.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { BadDay } from '../../oned/bad-days.ts';
import { type OpenNebula, startOpenNebula } from '../../oned/index.ts';
import { callerOf } from './caller.ts';
import { computeDraft, mixinOf } from './drafts.ts';

let one: OpenNebula;
beforeAll(async () => {
  one = await startOpenNebula({ step: 1 });
  one.fill(3);
});
afterEach(() => one.badDays.end());
afterAll(() => one.close());

/** Time until the request must be answered. */
const TIMEOUT_MS = 2500;
const draft = () => computeDraft({ mixins: [mixinOf(mixinId('os_tpl', 2))] });

const DAYS: readonly (readonly [string, BadDay, 'unavailable' | 'timedOut'])[] = [
  ['behind a proxy that fails', { kind: 'html' }, 'unavailable'],
  ['behind a proxy that answers a page', { kind: 'html', status: 200 }, 'unavailable'],
  ['cut off within its answers', { kind: 'cut' }, 'unavailable'],
  ['of endless answers', { kind: 'huge', bytes: 5_000_000 }, 'unavailable'],
  ['of broken answers', { kind: 'malformed' }, 'unavailable'],
  ['of answers that say nothing', { kind: 'nonsense', value: 'x' }, 'unavailable'],
  ['that is slow', { kind: 'slow', milliseconds: 5000 }, 'timedOut'],
  ['that never answers', { kind: 'silent' }, 'timedOut'],
  ['that is down', { kind: 'down' }, 'unavailable'],
];

describe.each(DAYS)('At a cloud %s', (_what, day, failure) => {
  const wrong = async (work: (kind: ReturnType<typeof compute>) => Promise<unknown>): Promise<OcciError> => {
    const cloud = callerOf(one.endpoint, {
      configured: { answerBytes: 65_536 },
      deadline: Date.now() + TIMEOUT_MS,
    });
    await cloud.verdict();
    one.badDays.add(day);
    const started = performance.now();
    const error: unknown = await work(compute(cloud)).catch((thrown: unknown) => thrown);
    expect(performance.now() - started).toBeLessThan(TIMEOUT_MS);
    expect(error).toBeInstanceOf(OcciError);
    expect(error).toMatchObject({ failure, status: failure === 'timedOut' ? 504 : 503 });
    expect((error as OcciError).headers).toMatchObject({ 'Retry-After': expect.any(String) });
    expect((error as OcciError).message).not.toMatch(/127\.0\.0\.1|one\.|html|password/i);
    return error as OcciError;
  };

  test('a listing fails in time', async () => {
    expect((await wrong((kind) => kind.list({}))).unknownOutcome).toBe(false);
    one.badDays.end();
    expect((await wrong((kind) => kind.ids({}))).unknownOutcome).toBe(false);
  });

  test('a read of one fails in time', async () => {
    expect((await wrong((kind) => kind.get('0'))).unknownOutcome).toBe(false);
  });

  test('the outcome of a create is unknown, and it is sent only once', async () => {
    const before = one.methods.length;
    const { unknownOutcome } = await wrong((kind) => kind.create!(draft(), `bad ${day.kind}`));
    expect(unknownOutcome).toBe(true);
    expect(one.methods.slice(before).filter((name) => name === 'one.template.instantiate').length).toBeLessThan(2);
  });
});

test('Where nothing listens, a create was not done', async () => {
  const { verdict } = callerOf(one.endpoint);
  const cloud = { ...callerOf('http://127.0.0.1:1/RPC2', { deadline: Date.now() + TIMEOUT_MS }), verdict };
  const error = await compute(cloud).create!(draft(), 'nowhere').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ failure: 'unavailable', unknownOutcome: false });
});
