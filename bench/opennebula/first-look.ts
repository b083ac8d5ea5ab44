/** The first look at an id in a new container, with an empty table: GET of a machine of many, and of one that is not there. */
import type { NativeId } from '../../lib/adapter/contract.ts';
import { Identities } from '../../lib/mapping/identity.ts';
import { SITE } from '../endpoint.ts';
import { startEndpoint } from './containers.ts';
import type { Operation } from './operations.ts';
import { type LargePool, ownerOf, sessionOf } from './population.ts';

/** Processor time that the first look at an id may add, in milliseconds, with 100,000 machines. */
const MAX_ADDED_WORK_MS = 300;

const OURS = new Identities('opennebula', SITE);
const ELSEWHERE = new Identities('opennebula', 'elsewhere');

/** The rows of one pool; `middle` is the machine in the middle of its listing. */
export const firstLooks = (size: LargePool, middle: NativeId): readonly Operation[] => {
  const session = sessionOf(ownerOf(size));
  const getting = (path: string, expected: number): Operation['start'] => {
    return (endpoint) => {
      const send = startEndpoint(endpoint, expected);
      return () => send(session, { method: 'GET', path });
    };
  };
  const among = `${size.toLocaleString('en-US')} machines`;
  const goals = { cold: true, mostWorkMs: MAX_ADDED_WORK_MS };
  return [
    {
      label: `first look at an id, ${among}`,
      ...goals,
      most: 2,
      start: getting(OURS.of('compute', middle).path, 200),
    },
    {
      label: `first look at an unknown id, ${among}`,
      ...goals,
      most: 1,
      start: getting(ELSEWHERE.of('compute', middle).path, 404),
    },
  ];
};
