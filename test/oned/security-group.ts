import { isIP } from 'node:net';
import { PoolObject } from './pool-object.ts';
import { CODE, Refusal } from './refusal.ts';
import type { Template, Vector } from './template.ts';
import { ids, plain } from './xml.ts';

export class SecurityGroup extends PoolObject {
  readonly kind = 'securityGroup';
  protected override readonly showsOthers = true;

  /** VMs that have a NIC in the group. */
  vms(): number[] {
    return this.site.vms
      .ascending()
      .filter((vm) => vm.state !== 6 && vm.allNics().some((nic) => groupsOf(nic).includes(this.id)))
      .map(({ id }) => id);
  }

  render(): string {
    const lists = [
      ids('UPDATED_VMS', this.vms()),
      ids('OUTDATED_VMS', []),
      ids('UPDATING_VMS', []),
      ids('ERROR_VMS', []),
    ];
    return plain(
      'SECURITY_GROUP',
      [this.head(), this.permissionsXml(), ...lists, this.template.xml('TEMPLATE')].join(''),
    );
  }
}

export const groupsOf = (nic: Vector): number[] =>
  (nic.get('SECURITY_GROUPS') ?? '').split(',').filter(Boolean).map(Number);

const PROTOCOLS = ['TCP', 'UDP', 'ICMP', 'ICMPV6', 'IPSEC', 'ALL'];
const RANGE = /^\d+(:\d+)?(,\d+(:\d+)?)*$/;

/** @throws {Refusal} 8192 naming what is wrong with a rule */
export const refuseWrongRules = (template: Template, prefix = ''): void => {
  const refuse = (sentence: string): never => {
    throw new Refusal(CODE.internal, prefix + sentence);
  };
  for (const rule of template.vectors('RULE')) {
    if (!PROTOCOLS.includes((rule.get('PROTOCOL') ?? '').toUpperCase())) {
      refuse(`Wrong PROTOCOL in rule. Valid options: ${PROTOCOLS.join(', ')}.`);
    }
    if (!['INBOUND', 'OUTBOUND'].includes((rule.get('RULE_TYPE') ?? '').toUpperCase())) {
      refuse('Wrong RULE_TYPE in rule. Valid options: INBOUND, OUTBOUND.');
    }
    const [range, protocol] = [rule.get('RANGE'), rule.get('PROTOCOL')!.toUpperCase()];
    if (range && !['TCP', 'UDP'].includes(protocol)) refuse('RANGE is supported only for TCP and UDP protocols.');
    if (range && !RANGE.test(range)) refuse('Invalid RANGE specification.');
    if (range?.split(/[,:]/).some((port) => Number(port) > 65535)) refuse('RANGE out of bounds 0-65536.');
    for (const type of ['ICMP', 'ICMPV6']) {
      const value = rule.get(`${type}_TYPE`);
      if (value && protocol !== type) refuse(`${type}_TYPE is supported only for ${type} protocol.`);
      if (value && !/^\d+$/.test(value)) refuse(`Wrong ${type}_TYPE, it must be integer`);
    }
    const [ip, size] = [rule.get('IP'), rule.get('SIZE')];
    if (ip && (!/^\d+$/.test(size ?? '') || Number(size) >= 2 ** 32)) refuse('Wrong or empty SIZE.');
    if (ip && !isIP(ip)) refuse('Wrong format for IP value.');
  }
};
