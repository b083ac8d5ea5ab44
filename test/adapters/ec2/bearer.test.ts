/** EC2 knows no callers: a bearer token says in whose name the functions act. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Endpoint, startEndpoint } from '../../endpoint.ts';
import { AUDIENCE, type Issuer, startIssuer } from '../../issuer.ts';
import { mocked } from './mocked.ts';

const aws = mocked();
let issuer: Issuer;
let endpoint: Endpoint;

beforeAll(async () => {
  issuer = await startIssuer({
    alice: { claims: { groups: ['/vo/biomed'] } },
    bob: { claims: { groups: ['/vo/cms'] } },
    stranger: {},
  });
  const require = [{ claim: 'groups', value: '/vo/*', tenant: 'vo-*' }];
  endpoint = await startEndpoint({
    settings: {
      adapter: { name: 'ec2', site: 'test', settings: { region: 'us-east-1' } },
      auth: [{ oidc: { issuer: issuer.url, audience: AUDIENCE, prefix: 'op:', require } }],
    },
  });
});
afterAll(async () => {
  await endpoint.stop();
  await issuer.stop();
  aws.restore();
});

/** The status of a list of volumes, and what EC2 was asked for it. */
async function listAs(client: string) {
  aws.reset();
  aws.onAnyCommand().resolves({});
  const headers = { Authorization: `Bearer ${await issuer.tokenOf(client)}` };
  const { status } = await endpoint.send('GET', '/storage/', { headers });
  return { status, asked: aws.calls().map(({ args }) => args[0].input as unknown) };
}

test.each([
  ['alice', 'vo-biomed'],
  ['bob', 'vo-cms'],
])('%s sees the volumes with the tag of the group %s', async (client, tenant) => {
  const Filters = [{ Name: 'tag:occi:tenant', Values: [tenant] }];
  expect(await listAs(client)).toEqual({ status: 200, asked: [expect.objectContaining({ Filters })] });
});

test('A caller without a group costs no call of EC2', async () => {
  expect(await listAs('stranger')).toEqual({ status: 403, asked: [] });
});
