/** The two-tenant walk over EC2, by every auth scheme: two accounts of one moto, which makes the same ids in both. */
import { DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, jest } from '@jest/globals';
import { type Ec2Proxy, startEc2Proxy } from '../ec2-proxy/index.ts';
import { describeWalks } from '../lib/operations/strangers/by-scheme.ts';
import type { CloudOfWorld } from '../lib/operations/strangers/clouds.ts';
import { ec2Client, prepare } from './ec2-site.ts';
import { startMoto } from './moto.mjs';

jest.setTimeout(300_000);

/** Not that of the run: other tests would take from its chance. */
let moto: Awaited<ReturnType<typeof startMoto>>;
beforeAll(async () => {
  moto = await startMoto();
});
afterAll(() => moto.stop());

let accounts = 0;
/** All of them, for a walk that fails before it begins stops none. */
const proxies: Ec2Proxy[] = [];
afterAll(async () => {
  for (const proxy of proxies) await proxy.stop();
});

const chanceFrom = async (seed: number): Promise<void> => {
  const { status } = await fetch(`${moto.endpoint}/moto-api/seed?a=${seed}`, { method: 'POST' });
  if (status !== 200) throw new Error(`moto took no seed: ${status}`);
};

async function ec2(): Promise<CloudOfWorld> {
  const proxy = await startEc2Proxy({ upstream: moto.endpoint, account: String(100_000_000_000 + ++accounts) });
  proxies.push(proxy);
  // The first call in an account makes its default networks, by more or less chance.
  const client = ec2Client(proxy);
  await client.send(new DescribeVpcsCommand({}));
  client.destroy();
  await chanceFrom(1);
  const { settings } = await prepare(proxy);
  return {
    adapter: { name: 'ec2', settings },
    auth: ['anonymous'],
    tenant: 'alice',
    callerOf: (name) => ({ name }),
    get calls() {
      return proxy.actions();
    },
    settle: () => {},
    numberFrom: () => {},
    chanceFrom,
    addressFor: (name) => (name === 'alice' ? '10.64.16.0/24' : '10.64.17.0/24'),
    inTable: false,
    stop: async () => {},
  };
}

await describeWalks({
  adapter: 'ec2',
  cloudOf: ec2,
  // Those of one request go side by side, in any order.
  calls: false,
  naming: [['kindCollection', 'delete']],
});
