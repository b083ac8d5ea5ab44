import { afterEach, describe, expect, test } from '@jest/globals';
import { probe, settings } from '../../../adapters/ec2/index.ts';
import { memoryTable } from '../../../lib/table/memory.ts';
import { type Answerer, answer, cut, type Ec2Server, ec2Server, refuse, say } from './ec2-server.ts';

process.env.AWS_ACCESS_KEY_ID ??= 'test';
process.env.AWS_SECRET_ACCESS_KEY ??= 'test';

let server: Ec2Server | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** Asks what answers at an address, for a second and a half. */
const ask = (endpoint: string): Promise<void> =>
  probe({
    settings: settings.parse({ region: 'us-east-1', endpoint }),
    site: 'test',
    table: memoryTable(),
    local: false,
  })(Date.now() + 1500);

async function asked(answerer: Answerer): Promise<void> {
  server = await ec2Server(answerer);
  return ask(server.endpoint);
}

describe('EC2 is reachable', () => {
  test('when it answers, in one call', async () => {
    await asked(answer('<availabilityZoneInfo/>'));
    expect(server!.seen.map(({ action }) => action)).toEqual(['DescribeAvailabilityZones']);
  });

  test('also when it refuses: its answer is a sign of life', async () => {
    await asked(refuse('UnauthorizedOperation', 'You are not authorized', 403));
  });
});

test.each<[string, Answerer]>([
  ['shows the page of a balancer', say(503, 'text/html', '<html><h1>Service Unavailable</h1></html>')],
  ['closes the connection', cut],
  ['says nothing', () => {}],
])('EC2 is not reachable when it %s, and is asked once', async (_what, answerer) => {
  await expect(asked(answerer)).rejects.toMatchObject({ name: 'OcciError' });
  expect(server!.seen).toHaveLength(1);
});

test('EC2 is not reachable when no server listens', async () => {
  await expect(ask('http://127.0.0.1:1')).rejects.toMatchObject({ failure: 'unavailable' });
});
