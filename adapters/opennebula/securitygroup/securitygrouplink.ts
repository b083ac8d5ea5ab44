/** A security group on a machine: on every NIC, because OCCI links groups to computes only. */
import * as z from 'zod';
import type { Draft, KindAdapter, LinkDraft, Native } from '../../../lib/adapter/contract.ts';
import { LINK_STATE } from '../../../lib/adapter/states.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import type { Call } from '../api/client.ts';
import { toOcciError, translateErrors } from '../api/errors.ts';
import { OneRefusal } from '../api/xml-rpc.ts';
import { type Cloud, objectId } from '../cloud.ts';
import { inTurn } from '../machine/hotplug.ts';
import { linkReads } from '../machine/link-reads.ts';
import { readVm } from '../machine/reads.ts';
import { type Vm, vm as vmShape } from '../native/index.ts';
import { noSuchEnd } from '../network/interface-links.ts';
import { computeState } from '../states.ts';

function toSecuritygrouplink(vm: Vm, group: number): Native<'securitygrouplink'> {
  return {
    kind: 'securitygrouplink',
    id: `${vm.ID}:sg${group}`,
    attributes: { 'occi.securitygrouplink.state': LINK_STATE[computeState(vm).state] },
    mixins: [],
    source: { kind: 'compute', id: String(vm.ID) },
    target: { kind: 'securitygroup', id: String(group) },
  };
}

/** The groups of a machine, each once however many of its NICs have it. Those that a network brings are among them. */
export const toSecuritygrouplinks = (vm: Vm): Native<'securitygrouplink'>[] =>
  [...new Set(vm.TEMPLATE.NIC.flatMap(({ SECURITY_GROUPS }) => SECURITY_GROUPS))]
    .toSorted((one, other) => one - other)
    .map((group) => toSecuritygrouplink(vm, group));

/** Number of the group that a link ends at. Throws `invalid` for an end that cannot be. */
export function groupOf({ target }: Pick<LinkDraft<'securitygrouplink'>, 'target'>): number {
  if (target.kind !== 'securitygroup') {
    throw new OcciError('invalid', `A securitygrouplink ends at a securitygroup, not at a ${target.kind}.`);
  }
  const group = objectId(target.id);
  if (group === undefined) throw noSuchEnd('securitygroup');
  return group;
}

/** NICs that have the group, or have it not. Aliases have the groups of the NIC that they ride on. */
const nicsWith = ({ TEMPLATE }: Vm, group: number, has: boolean): readonly number[] =>
  TEMPLATE.NIC.filter(({ SECURITY_GROUPS }) => SECURITY_GROUPS.includes(group) === has).map(({ NIC_ID }) => NIC_ID);

/** What another request did in the same moment, as it was wanted. */
const isDone = (error: OneRefusal): boolean =>
  /already in NIC|doesn't contain SG|doesn't have NIC/i.test(error.sentence);

/** One call per NIC and the machine after them, in one request. The state of the machine stays. */
async function onEach(
  { client }: Cloud,
  method: 'one.vm.attachsg' | 'one.vm.detachsg',
  vm: Vm,
  group: number,
  nics: readonly number[],
): Promise<Vm> {
  return inTurn(async () => {
    const calls: Call<number>[] = nics.map((nic) => ({ method, params: [vm.ID, nic, group], shape: z.int() }));
    const info: Call<Vm> = { method: 'one.vm.info', params: [vm.ID], shape: vmShape };
    const results = await client.multicall([...calls, info]);
    const refusal = results.find((result) => result instanceof OneRefusal && !isDone(result));
    if (refusal) throw refusal;
    return results.at(-1) as Vm;
  });
}

function whyNot(error: unknown): unknown {
  if (!(error instanceof OneRefusal)) return error;
  if (/SG does not exist|to perform USE SECGROUP/i.test(error.sentence)) return noSuchEnd('securitygroup', error);
  return toOcciError(error, 'compute');
}

/** 1 call, and 1 request. A group that all NICs have is on the machine already. */
async function attach(cloud: Cloud, { source, target }: Draft<'securitygrouplink'>) {
  if (source?.kind !== 'compute' || !target) {
    throw new OcciError('invalid', 'A securitygrouplink starts at a compute and ends at a securitygroup.');
  }
  const group = groupOf({ target });
  const vm = await readVm(cloud, source.id).catch((error) => {
    throw isFailure(error, 'notFound') ? noSuchEnd('compute', error) : error;
  });
  if (vm.TEMPLATE.NIC.length === 0) {
    throw new OcciError('conflict', 'The compute has no networkinterface, and without one no securitygroup.');
  }
  const nics = nicsWith(vm, group, false);
  if (nics.length === 0) return toSecuritygrouplink(vm, group);
  const after = await onEach(cloud, 'one.vm.attachsg', vm, group, nics).catch((error) => {
    throw whyNot(error);
  });
  return toSecuritygrouplink(after, group);
}

const LINK_ID = /^(\d+):sg(\d+)$/;

export const securitygrouplink = (cloud: Cloud): KindAdapter<'securitygrouplink'> => {
  const { tokens } = cloud;
  const { list, ids, get, readOwn } = linkReads(cloud, 'securitygrouplink', toSecuritygrouplinks);

  return {
    list,
    ids,
    get,

    /** Knows creates of this process only; after one in another process, a create finds the group and does nothing. */
    async findByToken(token) {
      const { uid } = await cloud.verdict();
      const id = (await tokens.known(`securitygrouplink ${uid}`, token))?.slice('securitygrouplink '.length);
      if (id === undefined) return undefined;
      return get(id).catch((error) => {
        if (isFailure(error, 'notFound')) return undefined;
        throw error;
      });
    },

    /** 2 requests. Made again it is the same link, whatever the token: a machine has a group once. */
    async create(draft, token) {
      const { uid } = await cloud.verdict();
      let fresh: Native<'securitygrouplink'> | undefined;
      const made = await tokens.createOnce(`securitygrouplink ${uid}`, token, async () => {
        fresh = await attach(cloud, draft);
        return `securitygrouplink ${fresh.id}`;
      });
      return fresh ?? get(made.slice('securitygrouplink '.length));
    },

    /** 2 requests. */
    async remove(id) {
      const { vm } = await readOwn(id);
      const group = Number(LINK_ID.exec(id)![2]);
      await translateErrors('compute', () => onEach(cloud, 'one.vm.detachsg', vm, group, nicsWith(vm, group, true)));
      tokens.forget(`securitygrouplink ${id}`);
    },

    cannotHold: ['occi.core.title'],
  };
};
