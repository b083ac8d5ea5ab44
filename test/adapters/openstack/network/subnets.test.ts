/** Subnets of new networks: the range, the gateway and how addresses are given out. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ipAttributes, subnetOf } from '../../../../adapters/openstack/network/subnets.ts';
import { addressOf, addressText, has, hostsOf, spanOf } from '../../../../lib/adapter/addresses.ts';
import { OcciError } from '../../../../lib/errors.ts';

const of = (address?: string, gateway?: string, allocation?: string) =>
  subnetOf(
    {
      attributes: {
        ...(address !== undefined && { 'occi.network.address': address }),
        ...(gateway !== undefined && { 'occi.network.gateway': gateway }),
        ...(allocation !== undefined && { 'occi.network.allocation': allocation }),
      },
    },
    'token',
  );

const refusal = (make: () => unknown): string => {
  try {
    make();
  } catch (error) {
    expect(error).toBeInstanceOf(OcciError);
    expect((error as OcciError).failure).toBe('invalid');
    return (error as OcciError).message;
  }
  throw new Error('nothing was refused');
};

describe('a new network', () => {
  test('gets the range that it asks for, in the spelling of Neutron', () => {
    expect(of('10.77.0.5/16', '10.77.0.1')).toEqual({
      ip_version: 4,
      cidr: '10.77.0.0/16',
      gateway_ip: '10.77.0.1',
      enable_dhcp: true,
    });
    expect(of('FD00:0077::/64')).toEqual({
      ip_version: 6,
      cidr: 'fd00:77::/64',
      enable_dhcp: true,
      ipv6_address_mode: 'dhcpv6-stateful',
      ipv6_ra_mode: 'dhcpv6-stateful',
    });
    expect(of('fd00::/64', undefined, 'static')).toEqual({ ip_version: 6, cidr: 'fd00::/64', enable_dhcp: false });
  });

  test('gets a range of its own if it asks for none, the same one for the same token', () => {
    expect(of()).toEqual(of());
    expect(of().cidr).toMatch(/^10\.\d+\.\d+\.0\/24$/);
    expect(subnetOf({ attributes: {} }, 'another').cidr).not.toBe(of().cidr);
  });

  test('needs a gateway that a router can have', () => {
    expect(refusal(() => of('10.0.0.0/24', '10.0.1.1'))).toContain('10.0.1.1');
    expect(refusal(() => of('10.0.0.0/24', '10.0.0.255'))).toContain('occi.network.gateway');
    expect(refusal(() => of('10.0.0.0/24', '10.0.0.0'))).toContain('10.0.0.0/24');
    expect(refusal(() => of('10.0.0.0/24', 'fd00::1'))).toContain('fd00::1');
    expect(refusal(() => of(undefined, '10.0.0.1'))).toContain('occi.network.address');
  });

  // As Neutron 29.0.0 answered, with and without DHCP.
  test.each(['224.0.0.0/24', '239.255.0.0/16', '127.0.0.0/24', '0.0.0.0/24', '0.0.0.0/8', 'ff00:1::/64'])(
    'gets no range of which Neutron gives out no addresses: %s',
    (range) => {
      expect(refusal(() => of(range))).toBe(
        `The cloud gives out no addresses of ${range} (occi.network.address): choose another range, such as 10.1.0.0/24.`,
      );
    },
  );
  test.each(['224.0.0.0/24', '127.0.0.0/24', '0.0.0.0/24', 'ff00::/64', 'fe80::/64'])(
    'gets a range that Neutron takes without DHCP: %s',
    (range) => {
      expect(of(range, undefined, 'static').cidr).toBe(range);
    },
  );
  test.each(['240.0.0.0/24', '255.255.255.0/24', '126.0.0.0/7', '0.1.0.0/16', '169.254.0.0/24', 'fe80::/64'])(
    'gets any other: %s',
    (range) => {
      expect(of(range).cidr).toBe(range);
    },
  );
  test.each(['0.0.0.0/0', '::/64', '::/0'])('never gets %s, not without DHCP either', (range) => {
    for (const allocation of ['static', 'dynamic']) {
      expect(refusal(() => of(range, undefined, allocation))).toContain(
        `no addresses of ${range} (occi.network.address)`,
      );
    }
  });

  test('needs room for a compute beside the router', () => {
    for (const range of ['10.0.0.0/32', '10.0.0.0/31', 'fd00::/128']) {
      expect(refusal(() => of(range))).toContain(range);
    }
    expect(of('10.0.0.0/30').cidr).toBe('10.0.0.0/30');
    expect(of('10.0.0.0/31', undefined, 'static').cidr).toBe('10.0.0.0/31');
  });

  const cidr = fc.oneof(
    fc
      .tuple(fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }), fc.integer({ min: 1, max: 30 }))
      .map(([number, length]) => `${addressText(number, 32)}/${length}`),
    fc
      .tuple(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), fc.integer({ min: 1, max: 126 }))
      .map(([number, length]) => `${addressText(number, 128)}/${length}`),
  );
  /** Neither multicast nor loopback, and not from the address 0 on. */
  const usable = cidr.filter((range) => {
    const { first, bits } = spanOf(range)!;
    const top = Number(first >> BigInt(bits - 8));
    return first !== 0n && (bits === 32 ? top !== 127 && (top < 224 || top > 239) : top !== 255);
  });
  const address = fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).map((number) => addressText(number, 32)),
    fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map((number) => addressText(number, 128)),
  );

  test('has every range whole, whichever of its addresses names it', () => {
    fc.assert(
      fc.property(usable, (range) => {
        const made = of(range);
        expect(spanOf(made.cidr)).toEqual(spanOf(range));
        const shown = ipAttributes([{ id: 's', network_id: 'n', gateway_ip: null, created_at: '', ...made }]);
        expect(shown?.['occi.network.address']).toBe(made.cidr);
      }),
    );
  });

  test('takes a gateway exactly if it is an address of a host in the range', () => {
    fc.assert(
      fc.property(usable, address, (range, gateway) => {
        const isHost = has(hostsOf(spanOf(range)!), addressOf(gateway)!);
        if (isHost) expect(of(range, gateway).gateway_ip).toBe(gateway);
        else expect(refusal(() => of(range, gateway))).toContain(gateway);
      }),
    );
  });

  test('takes any host of its range as its gateway', () => {
    fc.assert(
      fc.property(usable, fc.bigInt({ min: 0n, max: 2n ** 128n }), (range, number) => {
        const { first, last, bits } = hostsOf(spanOf(range)!);
        const gateway = addressText(first + (number % (last - first + 1n)), bits);
        expect(of(range, gateway).gateway_ip).toBe(gateway);
      }),
    );
  });
});

describe('the addresses of a network', () => {
  const one = { network_id: 'n', enable_dhcp: true, gateway_ip: null };
  const v4 = { ...one, id: 'b', ip_version: 4 as const, cidr: '10.0.0.0/24', created_at: '2026-01-02T00:00:00Z' };
  const v6 = { ...one, id: 'a', ip_version: 6 as const, cidr: 'fd00::/64', created_at: '2026-01-01T00:00:00Z' };

  test('are those of IPv4 where it has both, then of the oldest subnet', () => {
    expect(ipAttributes([v6, v4])?.['occi.network.address']).toBe('10.0.0.0/24');
    const older = { ...v4, id: 'c', cidr: '10.9.0.0/24', created_at: '2026-01-01T00:00:00Z' };
    expect(ipAttributes([v6, v4, older])?.['occi.network.address']).toBe('10.9.0.0/24');
  });

  test('are absent without a subnet', () => {
    expect(ipAttributes([])).toBeUndefined();
  });
});
