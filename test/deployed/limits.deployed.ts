/**
 * What the emulator does otherwise than AWS, so that nothing here can be told by it: one statement each, which fails once the
 * emulator has learnt it. Then what was left out for it belongs into the tests beside this one.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Gateway, startGateway } from './gateway.ts';
import { basic, users } from './people.ts';
import { aws, deploy } from './stack.ts';

const ORIGIN = 'https://portal.example.org';
const DUMMY = { name: 'dummy', site: 'test', settings: {} };

let gateway: Gateway;

beforeAll(async () => {
  const settings = { adapter: DUMMY, auth: [await users()], cors: { origins: [ORIGIN] } };
  const stack = await deploy({ stage: 'limits', settings, parameters: { alarms: 'false' } });
  gateway = await startGateway(stack.outputs.HttpApiId!);
}, 240_000);

afterAll(() => gateway?.stop());

describe('MiniStack', () => {
  test('answers OPTIONS itself, though the API has no CORS of its own and routes OPTIONS to its functions', async () => {
    const headers = { Origin: ORIGIN, 'Access-Control-Request-Method': 'POST' };
    const { status, body } = await gateway.send('OPTIONS', '/compute/', { headers });
    expect([status, body]).toEqual([403, expect.stringContaining('CORS not configured')]);
    expect((await gateway.send('OPTIONS', '/compute/')).status).toBe(403);
  });

  test('writes headers of answers in Latin-1: titles beyond ASCII cannot be had in text/occi', async () => {
    const headers = { Authorization: basic('alice'), 'Content-Type': 'application/occi+json' };
    const kind = 'http://schemas.ogf.org/occi/infrastructure#storage';
    const attributes = { 'occi.storage.size': 1, 'occi.core.title': 'é' };
    const body = JSON.stringify({ kind, attributes });
    const { pathname } = new URL((await gateway.send('POST', '/storage/', { headers, body })).headers.location!);
    const shown = await gateway.send('GET', pathname, { headers: { ...headers, Accept: 'text/occi' } });
    // Node reads a header as Latin-1, so UTF-8 would be two characters.
    expect(shown.headers['x-occi-attribute']).toContain('occi.core.title="é"');
  });

  test('has no UpdateSecurityGroupRuleDescriptionsEgress in its EC2, without which the adapter makes no machine there', async () => {
    const { GroupId } = await aws('ec2', 'create_security_group', { GroupName: 'limits', Description: 'limits' });
    const described = aws('ec2', 'update_security_group_rule_descriptions_egress', {
      GroupId,
      IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'all' }] }],
    });
    await expect(described).rejects.toThrow(/InvalidAction/);
  });

  test('knows no alarms over an expression, so `alarms` is off in the tests beside this one', async () => {
    const settings = { adapter: DUMMY, auth: [await users()] };
    await expect(deploy({ stage: 'alarms', settings })).rejects.toThrow(/Alarm/);
  }, 120_000);
});
