/** Rules of groups, both ways: what a client gives comes back, and what was there and is wanted is not touched. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type SecurityGroupRule, securityGroupRule } from '../../../../adapters/openstack/native/security-group.ts';
import { difference } from '../../../../adapters/openstack/securitygroup/difference.ts';
import { fromRules } from '../../../../adapters/openstack/securitygroup/rule-entries.ts';
import { entriesOf, keyOf, toRules } from '../../../../adapters/openstack/securitygroup/rules.ts';
import { toNative } from '../../../../adapters/openstack/securitygroup/write-rules.ts';
import type { OcciRule } from '../../../../lib/adapter/security-rules.ts';
import { fails } from '../../../contract/adapter/validity.ts';
import { recordingsOf } from '../../../openstack/recordings.ts';

type Rules = Parameters<typeof fromRules>[0];
const of = (rules: readonly OcciRule[]) => fromRules(rules as unknown as Rules);

let ids = 0;
/** A rule as Neutron keeps what it was sent. */
const kept = (sent: ReturnType<typeof toNative>): SecurityGroupRule =>
  securityGroupRule.parse({ ...sent, id: `rule ${++ids}` });

/** The rules of a group after an update. */
function updated(present: readonly SecurityGroupRule[], wanted: readonly OcciRule[]): readonly SecurityGroupRule[] {
  const { add, remove } = difference(entriesOf(present).entries, of(wanted));
  const gone = new Set(remove.map(({ id }) => id));
  return [...present.filter(({ id }) => !gone.has(id)), ...add.map((entry) => kept(toNative('group', entry)))];
}

const shown = (present: readonly SecurityGroupRule[]): readonly OcciRule[] => toRules(entriesOf(present).entries);
const keys = (rules: readonly OcciRule[]): readonly string[] => [
  ...new Set(
    of(rules)
      .flatMap(({ entries }) => entries.map(keyOf))
      .sort(),
  ),
];

const port = fc.integer({ min: 1, max: 65_535 });
const ports = fc.oneof(
  port.map(String),
  fc.tuple(port, port).map(([one, other]) => `${Math.min(one, other)}-${Math.max(one, other)}`),
  fc.uniqueArray(port, { minLength: 2, maxLength: 5 }).map((all) => all.sort((a, b) => a - b).join(',')),
);
const range4 = fc.constantFrom('192.0.2.0/24', '10.0.0.0/8', '0.0.0.0/0', '198.51.100.7/32');
const range6 = fc.constantFrom('2001:db8::/32', '::/0', 'fd00:10::/64');
const type = fc.constantFrom('inbound', 'outbound') as fc.Arbitrary<OcciRule['type']>;
const some = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const rule: fc.Arbitrary<OcciRule> = fc
  .oneof(
    fc.record({
      type,
      protocol: fc.constantFrom('tcp', 'udp', 'sctp'),
      range: some(fc.oneof(range4, range6)),
      port: some(ports),
    }),
    fc.record({ type, protocol: fc.constantFrom('all', 'gre', 'esp', '99'), range: some(fc.oneof(range4, range6)) }),
    fc.record({
      type,
      protocol: fc.constant('icmp'),
      range: some(range4),
      port: some(fc.constantFrom('0', '8', '255')),
    }),
    fc.record({ type, protocol: fc.constant('icmpv6'), range: some(range6), port: some(fc.constantFrom('128', '1')) }),
  )
  .map(
    (one) => Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined)) as unknown as OcciRule,
  );
/** Without rules that say in part what another one says: Neutron has a rule once. */
const apart = fc.array(rule, { maxLength: 8 }).map((all) => {
  const seen = new Set<string>();
  return all.filter((one) => {
    const own = keys([one]);
    if (own.some((key) => seen.has(key))) return false;
    for (const key of own) seen.add(key);
    return true;
  });
});

/** Ranges that are all ports, and lists whose ranges touch nothing else, as the adapter writes them. */
const plain = ({ port: given, ...one }: OcciRule): OcciRule =>
  given === undefined || given === '1-65535' ? one : { ...one, port: given.replace(/^(\d+)-\1$/, '$1') };

describe('rules', () => {
  test('come back from a new group as they were given, in their order', () => {
    fc.assert(fc.property(apart, (rules) => expect(shown(updated([], rules))).toEqual(rules.map(plain))));
  });

  test('of an update are those that are wanted, whatever was there', () => {
    fc.assert(
      fc.property(apart, apart, (before, wanted) => {
        const after = updated(updated([], before), wanted);
        expect(keys(shown(after))).toEqual(keys(wanted));
      }),
    );
  });

  test('that are wanted again are neither added nor taken away', () => {
    fc.assert(
      fc.property(apart, (rules) => {
        const present = updated([], rules);
        expect(difference(entriesOf(present).entries, of(rules))).toEqual({ add: [], remove: [] });
        // What is shown can be sent again.
        expect(difference(entriesOf(present).entries, of(shown(present)))).toEqual({ add: [], remove: [] });
      }),
    );
  });

  test('are given places between those that stay', () => {
    const [a, b, c]: readonly OcciRule[] = ['22', '80', '443'].map((one) => ({
      type: 'inbound',
      protocol: 'tcp',
      port: one,
    }));
    expect(shown(updated(updated([], [a!, c!]), [a!, b!, c!]))).toEqual([a, b, c]);
    expect(shown(updated(updated([], [b!]), [a!, b!, c!]))).toEqual([a, b, c]);
  });

  test('with a list of ports are one when a port joins it', () => {
    const list = (port: string): OcciRule => ({ type: 'inbound', protocol: 'tcp', port });
    expect(shown(updated(updated([], [list('80')]), [list('80,443')]))).toEqual([list('80,443')]);
  });

  test('that Neutron has put into the group stay when they are wanted, and go when not', () => {
    const presets = (['IPv4', 'IPv6'] as const).map((ethertype) =>
      securityGroupRule.parse({ id: ethertype, direction: 'egress', ethertype, protocol: null }),
    );
    const out: OcciRule = { type: 'outbound', protocol: 'all' };
    expect(shown(presets)).toEqual([out]);
    expect(difference(entriesOf(presets).entries, of([out]))).toEqual({ add: [], remove: [] });
    expect(updated(presets, [])).toEqual([]);
    expect(shown(presets.slice(0, 1))).toEqual([{ ...out, range: '0.0.0.0/0' }]);
  });

  test('by number and by name are one for Neutron, so the one that is there stays', () => {
    const present = updated([], [{ type: 'inbound', protocol: '6', range: '10.0.0.0/8' }]);
    expect(
      difference(entriesOf(present).entries, of([{ type: 'inbound', protocol: 'tcp', range: '10.1.2.3/8' }])),
    ).toEqual({
      add: [],
      remove: [],
    });
  });

  test('about other groups and with codes of messages are counted, and stay', () => {
    const base = { direction: 'ingress', ethertype: 'IPv4' };
    const hidden = [
      { ...base, id: 'a', remote_group_id: 'g' },
      { ...base, id: 'b', remote_address_group_id: 'g' },
      { ...base, id: 'c', protocol: 'icmp', port_range_min: 3, port_range_max: 4 },
    ].map((one) => securityGroupRule.parse(one));
    expect(entriesOf(hidden)).toEqual({ entries: [], hidden: 3 });
    expect(updated(hidden, [])).toEqual(hidden);
  });

  test.each([
    [{ type: 'inbound', protocol: 'quic' }, /Rule 1 .*"quic"; this cloud has all, .*tcp/],
    [{ type: 'inbound', port: '80' }, /has a port, but the protocol all has no ports/],
    [{ type: 'inbound', protocol: 'gre', port: '80' }, /has a port, but the protocol gre has no ports/],
    [{ type: 'inbound', protocol: 'tcp', port: '0' }, /begin at 1/],
    [{ type: 'inbound', protocol: 'tcp', port: '90-80' }, /no port, range/],
    [{ type: 'inbound', protocol: 'icmp', port: '256' }, /icmp it is a type of message from 0 to 255/],
    [{ type: 'inbound', protocol: 'icmp', range: '2001:db8::/32' }, /one of IPv4/],
  ] as const)('that Neutron cannot have are refused: %j', async (one, sentence) => {
    expect(await fails((async () => of([one]))(), 'invalid')).toMatch(sentence);
  });
});

describe('a recorded rule', () => {
  const all = recordingsOf('neutron').flatMap(({ name, response: { status, body } }) => {
    const { security_group_rule: one } = (body ?? {}) as { security_group_rule?: unknown };
    return status === 201 && one !== undefined ? [[name, securityGroupRule.parse(one)] as const] : [];
  });

  test.each(all)('of %s is shown, or counted as one that cannot be', (_name, one) => {
    const { entries, hidden } = entriesOf([one]);
    const isSayable =
      !one.remote_group_id &&
      !(/icmp/.test(one.protocol ?? '') && one.port_range_max !== null && one.port_range_max !== undefined);
    expect([entries.length, hidden]).toEqual(isSayable ? [1, 0] : [0, 1]);
    // What OCCI shows of it is the rule that is there.
    expect(difference(entries, of(toRules(entries)))).toEqual({ add: [], remove: [] });
  });
});
