/** Clouds behind a deployed endpoint: what the functions, processes of their own, ask of them. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { runVectors } from '../conformance/vectors.ts';
import { startEc2Proxy } from '../ec2-proxy/index.ts';
import { startOpenNebula } from '../oned/index.ts';
import { startOpenStack } from '../openstack/index.ts';
import { prepare } from '../peers/ec2-site.ts';
import { startMoto } from '../peers/moto.mjs';
import { startGateway } from './gateway.ts';
import { basic, users } from './people.ts';
import { deploy, MINISTACK } from './stack.ts';

interface Deployed {
  /** The last lines of the conformance runner: what failed, and the count. */
  readonly lines: readonly string[];
}

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** Deploys a cloud's settings, and runs the conformance cases against them. */
async function conformance(name: string, settings: object, auth: unknown, AUTH_HEADER: string): Promise<Deployed> {
  const stack = await deploy({
    stage: name,
    settings: { adapter: { name, site: 'test', settings }, auth: [auth], limits: { deleteAll: true } },
    parameters: { alarms: 'false' },
  });
  const gateway = await startGateway(stack.outputs.HttpApiId!);
  stops.push(gateway.stop);
  const output = await runVectors({ BASE_URL: gateway.url, AUTH_HEADER });
  return { lines: output.trim().split('\n') };
}

const failed = ({ lines }: Deployed) => lines.flatMap((line) => /^FAIL (\S+)/.exec(line)?.[1] ?? []);
const count = ({ lines }: Deployed) => lines.at(-1);

describe('deployed in front of', () => {
  test('OpenNebula, the conformance cases hold', async () => {
    const one = await startOpenNebula({ step: 0 });
    stops.push(one.close);
    // A stock site lets only its administrators make networks.
    one.site.anyoneMakesNetworks = true;
    const settings = { endpoint: one.endpoint, defaultOsTemplate: 0, network: { vnMad: 'dummy', bridge: 'br0' } };
    const found = await conformance('opennebula', settings, 'basic', `Basic ${btoa('alice:password')}`);
    expect([failed(found), count(found)]).toEqual([[], '75 passed, 0 failed']);
  }, 300_000);

  test('OpenStack, the conformance cases hold', async () => {
    const cloud = await startOpenStack();
    stops.push(cloud.close);
    const found = await conformance(
      'openstack',
      { endpoint: cloud.endpoint },
      'basic',
      `Basic ${btoa('alice:alice-secret')}`,
    );
    expect([failed(found), count(found)]).toEqual([[], '75 passed, 0 failed']);
  }, 300_000);

  test("moto's EC2, the conformance cases hold", async () => {
    const moto = await startMoto();
    stops.push(moto.stop);
    const proxy = await startEc2Proxy({ upstream: moto.endpoint });
    stops.push(proxy.stop);
    const { settings } = await prepare(proxy);
    const found = await conformance('ec2', { ...settings, hibernation: true }, await users(), basic('alice'));
    expect([failed(found), count(found)]).toEqual([[], '75 passed, 0 failed']);
  }, 300_000);

  test("MiniStack's own EC2, the conformance cases hold", async () => {
    const { settings } = await prepare({ endpoint: MINISTACK });
    const found = await conformance('ec2', { ...settings }, await users(), basic('alice'));
    expect([failed(found), count(found)]).toEqual([[], '75 passed, 0 failed']);
  }, 300_000);
});
