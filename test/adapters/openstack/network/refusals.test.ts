/** Neutron's refusals: each that was recorded has a row of the table, and none tells a client what only the log may hold. */
import { describe, expect, test } from '@jest/globals';
import { refusalIn } from '../../../../adapters/openstack/api/answers.ts';
import { toOcciError } from '../../../../adapters/openstack/api/errors.ts';
import { meaning } from '../../../../adapters/openstack/api/refusals/index.ts';
import { TYPES } from '../../../../adapters/openstack/api/refusals/network.ts';
import { recordingsOf } from '../../../openstack/recordings.ts';

const typeOf = (body: unknown): string | undefined =>
  (body as { NeutronError?: { type?: string } } | null)?.NeutronError?.type;

const REFUSED = recordingsOf('neutron').filter(({ response }) => response.status >= 400);
const KINDS = ['network', 'networkinterface', 'ipreservation', 'securitygroup'] as const;

const failureOf = (name: string, kind: string) => {
  const { request, response } = REFUSED.find((one) => one.name === name)!;
  const reply = { status: response.status, headers: {}, text: JSON.stringify(response.body) };
  return toOcciError(refusalIn('network', reply as never, request.method === 'GET', meaning), kind);
};

describe('recorded refusals', () => {
  test('are all known by their type', () => {
    expect(REFUSED.length).toBeGreaterThan(60);
    const unknown = REFUSED.flatMap(({ name, response }) => {
      const type = typeOf(response.body);
      return type === undefined || type in TYPES ? [] : [`${name}: ${type}`];
    });
    expect(unknown).toEqual([]);
  });

  test('tell clients a sentence without ids, rules or names of Neutron', () => {
    for (const { name } of REFUSED) {
      for (const kind of KINDS) {
        const { message, failure } = failureOf(name, kind);
        expect(message).toMatch(/^[A-Z].*\.$/s);
        expect(message).not.toMatch(/[0-9a-f]{8}-|rule:|policy|NeutronError|Neutron|router_interface/);
        expect([name, failure]).not.toEqual([name, 'internal']);
      }
    }
  });

  test.each([
    ['neutron.networks.show--foreign-404', 'network', 'notFound', 'There is no such network.'],
    [
      'neutron.networks.show--foreign-404',
      'networkinterface',
      'invalid',
      'There is no such network, or it may not be used.',
    ],
    [
      'neutron.networks.create--vlan-by-member-403',
      'network',
      'forbidden',
      'Only the provider may choose the VLAN of a network (occi.network.vlan).',
    ],
    [
      'neutron.networks.create--shared-by-member-403',
      'network',
      'forbidden',
      'Only the provider may share this with other projects.',
    ],
    [
      'neutron.floatingips.create--wanted-address-by-member',
      'ipreservation',
      'forbidden',
      'Only the provider may choose the address of an ipreservation (occi.ipreservation.address).',
    ],
    [
      'neutron.floatingips.create--over-quota-409',
      'ipreservation',
      'conflict',
      'The quota of the project is exceeded: delete what is not needed, or ask the provider for more.',
    ],
    ['neutron.ports.create--ip-in-use-409', 'networkinterface', 'conflict', 'The address is not free.'],
    ['neutron.ports.create--ip-outside-400', 'networkinterface', 'invalid', 'The address is not one of this network.'],
    [
      'neutron.ports.create--mac-in-use-409',
      'networkinterface',
      'conflict',
      'The MAC address (occi.networkinterface.mac) is not free in this network.',
    ],
    [
      'neutron.networks.update--if-match-stale-412',
      'network',
      'conflict',
      'The network was changed by another request at the same time: try again.',
    ],
    ['neutron.networks.list--bad-token-401', 'network', 'unauthenticated', 'The credentials are not valid.'],
  ])('%s about a %s is %s', (name, kind, failure, message) => {
    expect(failureOf(name, kind)).toMatchObject({ failure, message });
  });
});
