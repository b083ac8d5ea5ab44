/** What is in use is not deleted [documented: DependencyViolation], of which the emulator knows nothing. */
import type { Call } from './call.ts';
import { Refusal } from './refusal.ts';
import type { Rule, Rules } from './rule.ts';
import type { Site } from './site.ts';
import { all, textAt } from './xml.ts';

const interfacesBy = (call: Call, site: Site, filter: string, value: string) =>
  site.find(call, 'DescribeNetworkInterfaces', { 'Filter.1.Name': filter, 'Filter.1.Value.1': value });

const deleteSubnet: Rule = {
  check: async (call, site) => {
    const id = call.get('SubnetId');
    await site.one(call, id);
    if ((await interfacesBy(call, site, 'subnet-id', id)).length === 0) return;
    throw new Refusal('DependencyViolation', `The subnet '${id}' has dependencies and cannot be deleted.`);
  },
};

const deleteGroup: Rule = {
  check: async (call, site) => {
    const id = call.get('GroupId');
    if (!id) return;
    const group = await site.one(call, id);
    if (textAt(group, 'groupName') === 'default') {
      throw new Refusal('CannotDelete', `the specified group: "${id}" name: "default" cannot be deleted by a user`);
    }
    const held = (await interfacesBy(call, site, 'group-id', id)).length > 0 || (await isNamed(call, site, id));
    if (held) throw new Refusal('DependencyViolation', `resource ${id} has a dependent object`);
  },
};

/** Whether a rule of another group names this one. */
const isNamed = async (call: Call, site: Site, id: string): Promise<boolean> => {
  const groups = await site.find(call, 'DescribeSecurityGroups', {});
  return groups
    .filter((group) => textAt(group, 'groupId') !== id)
    .flatMap((group) =>
      ['ipPermissions', 'ipPermissionsEgress'].flatMap((rules) => all(group, rules, 'item', 'groups', 'item')),
    )
    .some((pair) => textAt(pair, 'groupId') === id);
};

export const NETWORKS: Rules = { DeleteSubnet: deleteSubnet, DeleteSecurityGroup: deleteGroup };
