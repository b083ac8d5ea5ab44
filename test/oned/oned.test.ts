import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type OpenNebula, startOpenNebula } from './index.ts';
import { NOT_REPLAYED } from './not-replayed.ts';
import { type Recording, recordings } from './recordings.ts';
import { requestOf, setTheScene } from './scenes.ts';
import { differences, shapeOf } from './shape.ts';

/** In how many recordings of the real oned the stand-in is held against it. */
const RECORDED = 476;

let one: OpenNebula;
beforeEach(async () => {
  one = await startOpenNebula();
});
afterEach(() => one.close());

/** In what the stand-in, brought to where oned was, answers otherwise than oned did. */
const compared = async (recording: Recording): Promise<string[]> => {
  setTheScene(recording.name, one);
  const answer = await fetch(one.endpoint, { method: 'POST', body: requestOf(recording) });
  if (answer.status !== recording.response.status) return [`status is ${answer.status}`];
  return differences(shapeOf(recording.response.body), shapeOf(await answer.text()));
};

const listed = ({ name }: Recording): boolean => Object.hasOwn(NOT_REPLAYED, name);

test('all recordings are there, and everything that is listed as not replayed is one of them', () => {
  expect(recordings).toHaveLength(RECORDED);
  const names = recordings.map(({ name }) => name);
  expect(Object.keys(NOT_REPLAYED).filter((name) => !names.includes(name))).toEqual([]);
});

test.each(recordings.filter((recording) => !listed(recording)).map((recording) => [recording.name, recording]))(
  'answers as oned did: %s',
  async (_, recording) => {
    expect(await compared(recording as Recording)).toEqual([]);
  },
);

test.each(recordings.filter(listed).map((recording) => [recording.name, recording]))(
  'is still unlike oned, so that it stays listed: %s',
  async (_, recording) => {
    expect(await compared(recording as Recording)).not.toEqual([]);
  },
);
