import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Rule, securityGroup } from '../../../../adapters/opennebula/native/index.ts';
import { fromRules } from '../../../../adapters/opennebula/securitygroup/rule-entries.ts';
import { toRules } from '../../../../adapters/opennebula/securitygroup/rules.ts';
import { writeTemplate } from '../../../../adapters/opennebula/template/template.ts';
import { exactCidrs, spanOf } from '../../../../lib/adapter/addresses.ts';
import { fails } from '../../../contract/adapter.ts';
import { read } from '../recorded.ts';

/** Rules as oned reads back what was written: it keeps every attribute of a rule, in order (measured on 6.10). */
const stored = (rules: Parameters<typeof fromRules>[0]): readonly Rule[] => {
  const template = writeTemplate({ RULE: fromRules(rules) });
  const group = `<SECURITY_GROUP><ID>1</ID><UID>2</UID><GID>1</GID><NAME>a</NAME>${template}</SECURITY_GROUP>`;
  return read(group, securityGroup).TEMPLATE.RULE;
};

const back = (rules: Parameters<typeof fromRules>[0]) => toRules(stored(rules)).rules;
const native = (rule: Partial<Rule>): Rule => ({ RULE_TYPE: 'inbound', PROTOCOL: 'TCP', ...rule }) as Rule;
const refusal = (rule: Readonly<Record<string, string>>) => fails((async () => fromRules([rule]))(), 'invalid');

describe('Rules come back as they were given', () => {
  test.each([
    [{ type: 'inbound', protocol: 'tcp', range: '192.0.2.0/24', port: '443' }],
    [{ type: 'inbound', protocol: 'udp', port: '53,100-200' }],
    [{ type: 'outbound', protocol: 'all' }],
    [{ type: 'outbound', protocol: 'all', range: '0.0.0.0/0' }],
    [{ type: 'inbound', protocol: 'icmp', port: '8' }],
    [{ type: 'inbound', protocol: 'icmp', port: '0', range: '198.51.100.7/32' }],
    [{ type: 'inbound', protocol: 'icmpv6', port: '128', range: '2001:db8::/96' }],
    [{ type: 'inbound', protocol: 'tcp', range: '2001:db8::80/121', port: '0-65535' }],
    [{ type: 'inbound', protocol: 'ipsec', range: '10.0.0.0/8' }],
  ])('%j', (rule) => expect(back([rule])).toEqual([rule]));

  test('whatever protocol, port and range are together', () => {
    const port = fc
      .array(fc.tuple(fc.nat(65_535), fc.nat(65_535)), { minLength: 1, maxLength: 5 })
      .map((pairs) =>
        pairs
          .map(([one, other]) => (one === other ? `${one}` : `${Math.min(one, other)}-${Math.max(one, other)}`))
          .join(','),
      );
    const range = fc.oneof(
      fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })),
      fc.tuple(fc.ipV6(), fc.integer({ min: 96, max: 128 })),
    );
    const rule = fc.record(
      {
        type: fc.constantFrom('inbound', 'outbound'),
        protocol: fc.constantFrom('tcp', 'udp'),
        port: port.filter((text) => text.length <= 64),
        range: range.map(([address, length]) => exactCidrs(spanOf(`${address}/${length}`)!)[0]!),
      },
      { requiredKeys: ['type', 'protocol'] },
    );
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 4 }), (rules) => {
        expect(back(rules)).toEqual(rules);
      }),
    );
  });

  test('though written otherwise', () => {
    expect(back([{ type: 'inbound' }])).toEqual([{ type: 'inbound', protocol: 'all' }]);
    expect(back([{ type: 'inbound', protocol: 'TCP', port: ' 80 , 90:100 ', range: '10.1.2.3/8' }])).toEqual([
      { type: 'inbound', protocol: 'tcp', port: '80,90-100', range: '10.0.0.0/8' },
    ]);
  });
});

describe('A rule that was written natively', () => {
  test('for a range that is no CIDR is shown as several, which are it exactly', () => {
    expect(
      toRules([native({ IP: '10.0.0.1', SIZE: 6, RANGE: '22' })]).rules.map(({ range, port }) => [range, port]),
    ).toEqual([
      ['10.0.0.1/32', '22'],
      ['10.0.0.2/31', '22'],
      ['10.0.0.4/31', '22'],
      ['10.0.0.6/32', '22'],
    ]);
  });

  test('with many ports is shown as several, none longer than OCCI allows', () => {
    const RANGE = Array.from({ length: 40 }, (_, place) => 1000 + 2 * place).join(',');
    const ports = toRules([native({ RANGE })]).rules.map(({ port }) => port!);
    expect(Math.max(...ports.map((port) => port.length))).toBeLessThanOrEqual(64);
    expect(ports.join(',')).toBe(RANGE);
  });

  test('about a network, or of a kind that is not known, is kept and never shown as one for all', () => {
    const rules = [native({ NETWORK_ID: 0 }), native({ PROTOCOL: 'SCTP' }), native({ IP: 'nonsense', SIZE: 1 })];
    expect(toRules(rules)).toEqual({ rules: [], hidden: rules });
  });

  test('is of any case', () => {
    expect(toRules([native({ RULE_TYPE: 'OUTBOUND', PROTOCOL: 'Udp' })]).rules).toEqual([
      { type: 'outbound', protocol: 'udp' },
    ]);
  });

  test('for both halves of a network is two rules', () => {
    const halves = [native({ IP: '10.0.0.0', SIZE: 128 }), native({ IP: '10.0.0.128', SIZE: 128 })];
    expect(toRules(halves).rules.map(({ range }) => range)).toEqual(['10.0.0.0/25', '10.0.0.128/25']);
  });
});

describe('A rule that OpenNebula cannot express is refused, naming the attribute', () => {
  test.each([
    [{ type: 'inbound', protocol: 'sctp' }, /protocol "sctp"/],
    [{ type: 'inbound', protocol: 'tcp', range: '2001:db8::/64' }, /2001:db8::\/64/],
    [{ type: 'inbound', protocol: 'tcp', port: '80-' }, /"80-"/],
    [{ type: 'inbound', protocol: 'tcp', port: '90-80' }, /"90-80"/],
    [{ type: 'inbound', protocol: 'tcp', port: '65536' }, /"65536"/],
    [{ type: 'inbound', protocol: 'icmp', port: '8/0' }, /type of message/],
    [{ type: 'inbound', port: '80' }, /has a port/],
  ])('%j', async (rule, says) => {
    const sentence = await refusal(rule);
    expect(sentence).toMatch(/Rule 1 of occi\.securitygroup\.rules/);
    expect(sentence).toMatch(says);
  });
});
