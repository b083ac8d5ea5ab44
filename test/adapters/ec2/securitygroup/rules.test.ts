import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type SecurityGroup, securityGroup } from '../../../../adapters/ec2/native/index.ts';
import { difference, isUnfinished, rulesOf, toPermission } from '../../../../adapters/ec2/securitygroup/permissions.ts';
import { fromRules } from '../../../../adapters/ec2/securitygroup/rule-entries.ts';
import { type Entry, keyOf, toRules } from '../../../../adapters/ec2/securitygroup/rules.ts';
import type { OcciRule } from '../../../../lib/adapter/security-rules.ts';
import { fails } from '../../../contract/adapter.ts';

type Rules = Parameters<typeof fromRules>[0];

/** A group as EC2 tells of it: rules of one protocol and range of ports in one permission, in an order of its own. */
function stored(entries: readonly Entry[], more: Readonly<Record<string, unknown>> = {}): SecurityGroup {
  const permissions = (type: Entry['type']) => {
    const groups = new Map<string, ReturnType<typeof toPermission>>();
    for (const one of entries.filter((entry) => entry.type === type).map(toPermission)) {
      const key = `${one.IpProtocol} ${one.FromPort} ${one.ToPort}`;
      const before = groups.get(key) ?? { IpRanges: [], Ipv6Ranges: [] };
      groups.set(key, {
        ...one,
        IpRanges: [...before.IpRanges!, ...(one.IpRanges ?? [])],
        Ipv6Ranges: [...before.Ipv6Ranges!, ...(one.Ipv6Ranges ?? [])],
      });
    }
    return [...groups.values()].toReversed();
  };
  return securityGroup.parse({
    GroupId: 'sg-0123456789abcdef0',
    GroupName: 'occi-0',
    IpPermissions: permissions('inbound'),
    IpPermissionsEgress: permissions('outbound'),
    ...more,
  });
}

const back = (rules: readonly OcciRule[]) => toRules(rulesOf(stored(fromRules(rules as unknown as Rules))).entries);
const keys = (entries: readonly Entry[]) => entries.map(keyOf).sort();
const refusal = (rule: Readonly<Record<string, string>>) => fails((async () => fromRules([rule]))(), 'invalid');
const permission = (change: Readonly<Record<string, unknown>>) =>
  rulesOf(stored([], { IpPermissions: [{ IpProtocol: 'tcp', ...change }] }));

const port = fc
  .array(fc.tuple(fc.nat(65_535), fc.nat(65_535)), { minLength: 1, maxLength: 4 })
  .map((pairs) => pairs.map((pair) => [...new Set(pair.sort((one, other) => one - other))].join('-')).join(','))
  .filter((text) => text.length <= 64);
const ipv4 = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map((parts) => parts.join('/'));
const ipv6 = fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })).map((parts) => parts.join('/'));
const type = fc.constantFrom('inbound' as const, 'outbound' as const);
const option = { requiredKeys: ['type', 'protocol'] as ('type' | 'protocol')[] };
const anyRule: fc.Arbitrary<OcciRule> = fc.oneof(
  fc.record({ type, protocol: fc.constantFrom('tcp', 'UDP', '6'), port, range: fc.oneof(ipv4, ipv6) }, option),
  fc.record({ type, protocol: fc.constant('icmp'), port: fc.nat(255).map(String), range: ipv4 }, option),
  fc.record({ type, protocol: fc.constant('icmpv6'), port: fc.nat(255).map(String), range: ipv6 }, option),
  fc.record({ type, protocol: fc.constantFrom('all', '47', '50', '132'), range: fc.oneof(ipv4, ipv6) }, option),
  fc.record({ type, range: fc.constantFrom('0.0.0.0/0', '::/0') }, { requiredKeys: ['type'] }),
);

describe('Rules come back as they were given', () => {
  test.each<[OcciRule]>([
    [{ type: 'inbound', protocol: 'tcp', range: '192.0.2.0/24', port: '443' }],
    [{ type: 'inbound', protocol: 'tcp', port: '22' }],
    [{ type: 'inbound', protocol: 'udp', port: '53,100-200' }],
    [{ type: 'outbound', protocol: 'all' }],
    [{ type: 'outbound', protocol: 'all', range: '0.0.0.0/0' }],
    [{ type: 'outbound', protocol: 'all', range: '::/0' }],
    [{ type: 'inbound', protocol: 'icmp' }],
    [{ type: 'inbound', protocol: 'icmp', range: '0.0.0.0/0' }],
    [{ type: 'inbound', protocol: 'icmp', port: '8' }],
    [{ type: 'inbound', protocol: 'icmp', port: '0', range: '198.51.100.7/32' }],
    [{ type: 'inbound', protocol: 'icmpv6', port: '128', range: '2001:db8::/32' }],
    [{ type: 'inbound', protocol: 'tcp', range: '2001:db8::80/121', port: '0-65534' }],
    [{ type: 'inbound', protocol: '50', range: '10.0.0.0/8' }],
  ])('%j', (rule) => expect(back([rule])).toEqual([rule]));

  test('in their order, and each rule for itself', () => {
    const rules: OcciRule[] = [
      { type: 'outbound', protocol: 'udp', range: '10.0.0.0/8', port: '53' },
      { type: 'inbound', protocol: 'tcp', range: '::/0', port: '443' },
      { type: 'inbound', protocol: 'tcp', range: '0.0.0.0/0', port: '443' },
      { type: 'inbound', protocol: 'tcp', range: '0.0.0.0/0', port: '80' },
      { type: 'outbound', protocol: 'all' },
      { type: 'inbound', protocol: 'tcp', range: '192.0.2.1/32', port: '22,80' },
    ];
    expect(back(rules)).toEqual(rules);
    expect(back(rules.toReversed())).toEqual(rules.toReversed());
  });

  test.each<[OcciRule, OcciRule]>([
    [{ type: 'inbound' }, { type: 'inbound', protocol: 'all' }],
    [
      { type: 'inbound', protocol: 'TCP', port: ' 90 : 100 , 80', range: '10.1.2.3/8' },
      { type: 'inbound', protocol: 'tcp', port: '80,90-100', range: '10.0.0.0/8' },
    ],
    [
      { type: 'inbound', protocol: '17', port: '80,70-90,85-100' },
      { type: 'inbound', protocol: 'udp', port: '70-100' },
    ],
    [
      { type: 'inbound', protocol: 'tcp', port: '0-65535', range: '2001:DB8:0:0::1/64' },
      { type: 'inbound', protocol: 'tcp', range: '2001:db8::/64' },
    ],
    [
      { type: 'outbound', protocol: '-1', range: '::ffff/0' },
      { type: 'outbound', protocol: 'all', range: '::/0' },
    ],
  ])('%j in its one spelling', (given, shown) => expect(back([given])).toEqual([shown]));

  test('whatever is in them, exactly: what is let through is the same, and read again it does not change', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 6 }), (rules) => {
        const entries = fromRules(rules as unknown as Rules);
        const group = rulesOf(stored(entries));
        expect(group.hidden).toBe(0);
        expect(keys(group.entries)).toEqual(keys(entries));
        const shown = toRules(group.entries);
        expect(keys(fromRules(shown as unknown as Rules))).toEqual(keys(entries));
        expect(back(shown)).toEqual(shown);
        for (const { port: text = '' } of shown) expect(text.length).toBeLessThanOrEqual(64);
      }),
    );
  });

  test('even after a user removes or changes the labels', () => {
    const label = fc.option(fc.constantFrom('office', 'occi:0', 'occi:0:any', 'occi:1:any', 'occi:12345'), {
      nil: undefined,
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(anyRule, label), { maxLength: 5 }), (pairs) => {
        const labels = pairs.map(([, one]) => one);
        const entries = fromRules(pairs.map(([rule]) => rule) as unknown as Rules).map(
          ({ label: _, ...entry }, place) => {
            const given = labels[place % labels.length];
            return { ...entry, ...(given !== undefined && { label: given }) };
          },
        );
        const shown = toRules(rulesOf(stored(entries)).entries);
        expect(keys(fromRules(shown as unknown as Rules))).toEqual(keys(entries));
      }),
    );
  });
});

describe('What EC2 cannot express', () => {
  test.each<[Readonly<Record<string, string>>, string]>([
    [{ protocol: 'sctpx' }, 'Rule 1 of occi.securitygroup.rules has the protocol "sctpx"; this cloud has tcp, udp'],
    [{ protocol: '256' }, 'numbers from 0 to 255'],
    [{ protocol: '007' }, 'has the protocol "007"'],
    [{ protocol: 'all', port: '80' }, 'has a port, but the protocol all has no ports'],
    [{ protocol: '50', port: '80' }, 'has a port, but the protocol 50 has no ports'],
    [{ protocol: 'tcp', port: '65536' }, 'which is no port, range (80-90) or list of them'],
    [{ protocol: 'tcp', port: '90-80' }, 'has the port "90-80"'],
    [{ protocol: 'tcp', port: '' }, 'has the port ""'],
    [{ protocol: 'tcp', port: '80-90-100' }, 'has the port "80-90-100"'],
    [{ protocol: 'icmp', port: '256' }, 'for icmp it is a type of message from 0 to 255'],
    [{ protocol: 'icmp', port: '3-8' }, 'a type of message'],
    [{ protocol: 'icmp', range: '2001:db8::/32' }, 'has the range 2001:db8::/32, which the protocol icmp has not'],
    [{ protocol: 'icmpv6', range: '10.0.0.0/8' }, 'which the protocol icmpv6 has not'],
    [{ protocol: 'tcp', range: 'fe80::1%eth0/64' }, 'which is no network'],
  ])('%j is an error, and never widened', async (rule, message) => {
    expect(await refusal({ type: 'inbound', ...rule })).toContain(message);
  });
});

describe('A rule that was written natively', () => {
  test('is shown in a place of its own behind the others, in an order that stays', () => {
    const ours = fromRules([{ type: 'inbound', protocol: 'udp', port: '53' }]);
    const native: Entry[] = [
      { type: 'inbound', protocol: 'tcp', from: 443, to: 443, cidr: '10.0.0.0/8', label: 'office' },
      { type: 'inbound', protocol: 'tcp', from: 80, to: 80, cidr: '0.0.0.0/0' },
      { type: 'inbound', protocol: 'tcp', from: 80, to: 80, cidr: '::/0' },
    ];
    const shown = [
      { type: 'inbound', protocol: 'udp', port: '53' },
      { type: 'inbound', protocol: 'tcp', port: '80', range: '0.0.0.0/0' },
      { type: 'inbound', protocol: 'tcp', port: '80', range: '::/0' },
      { type: 'inbound', protocol: 'tcp', port: '443', range: '10.0.0.0/8' },
    ];
    expect(toRules([...native, ...ours])).toEqual(shown);
    expect(toRules([...ours, ...native.toReversed()])).toEqual(shown);
  });

  test.each<[string, Readonly<Record<string, unknown>>, readonly OcciRule[]]>([
    [
      'all ports',
      { FromPort: 0, ToPort: 65_535, IpRanges: [{ CidrIp: '10.0.0.0/8' }] },
      [{ type: 'inbound', protocol: 'tcp', range: '10.0.0.0/8' }],
    ],
    [
      'a number',
      { IpProtocol: '6', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '10.0.0.0/8' }] },
      [{ type: 'inbound', protocol: 'tcp', range: '10.0.0.0/8', port: '22' }],
    ],
    [
      'a type of message',
      { IpProtocol: 'icmp', FromPort: 8, ToPort: -1, IpRanges: [{ CidrIp: '10.0.0.0/8' }] },
      [{ type: 'inbound', protocol: 'icmp', range: '10.0.0.0/8', port: '8' }],
    ],
    [
      'all messages',
      { IpProtocol: '58', FromPort: -1, ToPort: -1, Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
      [{ type: 'inbound', protocol: 'icmpv6', range: '::/0' }],
    ],
    [
      'no ports',
      { IpProtocol: '50', IpRanges: [{ CidrIp: '10.0.0.0/8' }] },
      [{ type: 'inbound', protocol: '50', range: '10.0.0.0/8' }],
    ],
  ])('for %s is shown', (_what, native, shown) => {
    expect(toRules(permission(native).entries)).toEqual(shown);
  });

  test.each<[string, Readonly<Record<string, unknown>>, number]>([
    ['other groups', { FromPort: 80, ToPort: 80, UserIdGroupPairs: [{ GroupId: 'sg-1' }, { GroupId: 'sg-2' }] }, 2],
    ['a prefix list', { FromPort: 80, ToPort: 80, PrefixListIds: [{ PrefixListId: 'pl-1' }] }, 1],
    ['one code of a message', { IpProtocol: 'icmp', FromPort: 3, ToPort: 4, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }, 1],
    ['an invalid protocol', { IpProtocol: 'x', IpRanges: [{ CidrIp: '10.0.0.0/8' }] }, 1],
  ])('about %s is counted, not shown', (_what, native, hidden) => {
    expect(permission(native)).toEqual({ entries: [], hidden });
  });
});

describe('What turns rules into others', () => {
  const of = (...rules: OcciRule[]) => fromRules(rules as unknown as Rules);
  const [web, ssh, dns, all]: OcciRule[] = [
    { type: 'inbound', protocol: 'tcp', port: '443' },
    { type: 'inbound', protocol: 'tcp', range: '10.0.0.0/8', port: '22' },
    { type: 'outbound', protocol: 'udp', port: '53', range: '10.0.0.2/32' },
    { type: 'outbound', protocol: 'all' },
  ];

  test('is nothing for the same', () => {
    expect(difference(of(web!, ssh!), of(web!, ssh!))).toMatchObject({ authorize: [], revoke: [], relabel: [] });
  });

  test('is no more than what is gone and what is new', () => {
    const { authorize, revoke, relabel } = difference(of(web!, dns!, ssh!), of(web!, dns!, all!));
    expect(keys(revoke)).toEqual(keys(of(ssh!)));
    expect(keys(authorize)).toEqual(keys(of(all!)));
    expect(relabel).toEqual([]);
  });

  test('is another label where the order is another', () => {
    const { authorize, revoke, relabel, after } = difference(of(web!, ssh!), of(ssh!, web!));
    expect([authorize, revoke]).toEqual([[], []]);
    expect(relabel).toHaveLength(3);
    expect(toRules(after)).toEqual([ssh, web]);
  });

  test('never changes the description of a native rule', () => {
    const native: Entry = { ...of(ssh!)[0]!, label: 'office' };
    const { relabel, after } = difference([native], of(web!, ssh!));
    expect(relabel).toEqual([]);
    expect(after).toContainEqual(native);
  });

  test('leads to what is wanted, wherever it begins', () => {
    const some = fc.array(anyRule, { maxLength: 5 });
    fc.assert(
      fc.property(some, some, (before, wanted) => {
        const { after } = difference(of(...before), of(...wanted));
        expect(toRules(after)).toEqual(toRules(of(...wanted)));
      }),
    );
  });

  test('ends the making of a group: until then EC2’s own rule is there without a label', () => {
    const preset: Entry = { type: 'outbound', protocol: 'all', cidr: '0.0.0.0/0' };
    expect(isUnfinished(stored([preset]))).toBe(true);
    for (const wanted of [of(), of(web!), of(all!), of({ type: 'outbound', range: '0.0.0.0/0' })]) {
      expect(isUnfinished(stored(difference([preset], wanted).after))).toBe(false);
    }
  });
});
