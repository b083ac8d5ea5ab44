/** A service that hangs holds up the catalogue once, not with every reading. */
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { path } from '../../../../adapters/openstack/api/path.ts';
import { patiently } from '../../../../adapters/openstack/catalogue/patience.ts';
import { Shelf } from '../../../../adapters/openstack/catalogue/shelf.ts';
import type { Cloud } from '../../../../adapters/openstack/cloud.ts';
import { imagesAnswer } from '../../../../adapters/openstack/native/catalogue.ts';
import { type Failure, OcciError } from '../../../../lib/errors.ts';

/** What a call gets by default: `timeout` of the settings. */
const TIMEOUT_MS = 20_000;

let nowMs: number;
beforeEach(() => {
  nowMs = 1_800_000_000_000;
  jest.spyOn(Date, 'now').mockImplementation(() => nowMs);
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** Glance as it is at the moment: it answers after some time, or fails with something else. */
function glance() {
  const shelf = new Shelf();
  const state: { answersAfterMs: number; failure?: Failure } = { answersAfterMs: 0 };
  const read = async (...[, , , { end = nowMs + TIMEOUT_MS } = {}]: Parameters<Cloud['client']['read']>) => {
    if (state.failure) throw new OcciError(state.failure, 'It failed.');
    const answersMs = nowMs + state.answersAfterMs;
    nowMs = Math.min(answersMs, end);
    if (answersMs > end) throw new OcciError('timedOut', 'The cloud did not answer in time.');
    return { images: [] };
  };
  const cloud = { client: { read } } as unknown as Cloud;
  return {
    state,
    /** Reads the images; how long that took, and whether there was an answer. */
    async reading() {
      const started = nowMs;
      const images = await patiently(cloud, shelf, ({ client }) => client.read('image', path`images`, imagesAnswer));
      return { ms: nowMs - started, isThere: images !== undefined };
    },
  };
}

test('a silent service is waited for as long as a call may take, and then for 3 seconds', async () => {
  const { state, reading } = glance();
  state.answersAfterMs = Number.POSITIVE_INFINITY;
  expect(await reading()).toEqual({ ms: TIMEOUT_MS, isThere: false });
  expect(await reading()).toEqual({ ms: 3000, isThere: false });
  expect(await reading()).toEqual({ ms: 3000, isThere: false });
});

test('a service that is only slow is never cut off', async () => {
  const { state, reading } = glance();
  state.answersAfterMs = 10_000;
  for (let n = 0; n < 3; n++) expect(await reading()).toEqual({ ms: 10_000, isThere: true });
});

test('a slow service that was silent once is waited for again after five minutes', async () => {
  const { state, reading } = glance();
  state.answersAfterMs = Number.POSITIVE_INFINITY;
  await reading();
  state.answersAfterMs = 10_000;
  expect(await reading()).toEqual({ ms: 3000, isThere: false });
  nowMs += 300_000;
  expect(await reading()).toEqual({ ms: 10_000, isThere: true });
});

test('an answer ends the suspicion', async () => {
  const { state, reading } = glance();
  state.answersAfterMs = Number.POSITIVE_INFINITY;
  await reading();
  state.answersAfterMs = 0;
  expect(await reading()).toEqual({ ms: 0, isThere: true });
  state.answersAfterMs = 10_000;
  expect(await reading()).toEqual({ ms: 10_000, isThere: true });
});

test.each(['unavailable', 'timedOut'] as const)('a service that is %s at once is no silent one', async (failure) => {
  const { state, reading } = glance();
  state.failure = failure;
  expect(await reading()).toEqual({ ms: 0, isThere: false });
  delete state.failure;
  state.answersAfterMs = 10_000;
  expect(await reading()).toEqual({ ms: 10_000, isThere: true });
});

test('another failure is the answer', async () => {
  const { state, reading } = glance();
  state.failure = 'forbidden';
  await expect(reading()).rejects.toThrow('It failed.');
});
