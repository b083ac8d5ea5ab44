/** The embedded cloud, deployed: whole stack, gateway, functions of their own processes, table. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runVectors } from '../conformance/vectors.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { basic, users } from './people.ts';
import { deploy, type Stack } from './stack.ts';

let stack: Stack;
let gateway: Gateway;

beforeAll(async () => {
  const settings = { adapter: { name: 'dummy', site: 'test', settings: {} }, auth: [await users()] };
  stack = await deploy({ stage: 'dummy', settings, parameters: { alarms: 'false' } });
  gateway = await startGateway(stack.outputs.HttpApiId!);
}, 120_000);

afterAll(() => gateway?.stop());

describe('the embedded cloud, deployed', () => {
  test('tells that it is well', async () => {
    const { status } = await fetch(`${gateway.url}/.well-known/health`);
    expect(status).toBe(200);
  });

  test('holds the conformance cases', async () => {
    const output = await runVectors({ BASE_URL: gateway.url, AUTH_HEADER: basic('alice') });
    expect(output.trim().split('\n')).toEqual(['75 passed, 0 failed']);
  }, 240_000);
});
