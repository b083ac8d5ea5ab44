/** Computes (INF-2 to INF-5): machines, read whole with one call. */

import * as z from 'zod';
import type { Draft, KindAdapter, Page } from '../../../lib/adapter/contract.ts';
import { inOrder } from '../../../lib/adapter/link-order.ts';
import { OcciError } from '../../../lib/errors.ts';
import { OneRefusal, type Param } from '../api/client.ts';
import { translateChangeErrors, translateErrors } from '../api/errors.ts';
import { type Cloud, LINGER_SECONDS } from '../cloud.ts';
import { deleteMachine } from '../machine/delete.ts';
import { highestVm, readListedVm, readVm, readVmIds, readVms } from '../machine/reads.ts';
import { objectAmong } from '../mixins.ts';
import type { Vm } from '../native/index.ts';
import { isHeld } from '../template/naming.ts';
import { encodeTemplate } from '../template/write.ts';
import { Accepted, actOn } from './actions.ts';
import { updateCompute } from './changes.ts';
import { addsToTemplate, templateOf } from './compute-template.ts';
import { toCompute } from './entity.ts';

const SIZES = ['occi.compute.cores', 'occi.compute.memory'] as const;
/** The size of a machine without a template (compute-template.ts). */
const DEFAULT_SIZE = { 'occi.compute.cores': 1, 'occi.compute.memory': 1 } as const;

const MAC = 'occi.networkinterface.mac';

/** A refusal of a NIC that may not be as it is asked for: oned names the NIC, or the name that it has for the address. */
function toldOfMac(error: unknown, { links }: Draft<'compute'>): unknown {
  const isRestricted = error instanceof OneRefusal && /restricted attribute (NIC|MAC)\b/i.test(error.sentence);
  if (!isRestricted || !links.some(({ attributes }) => attributes[MAC] !== undefined)) return error;
  return new OcciError('forbidden', `Only the provider may choose the MAC address (${MAC}).`, { cause: error });
}

/** Makes the machine and answers its id: one call, and one more now and then to read the VM template that is added to. */
async function make(cloud: Cloud, draft: Draft<'compute'>, token: string): Promise<string> {
  const { client, templates } = cloud;
  const templateId = objectAmong('os_tpl', draft.mixins);
  const made = (method: string, params: readonly Param[]) =>
    translateErrors('compute', () =>
      client.call(method, params, z.int()).catch((error) => {
        throw toldOfMac(error, draft);
      }),
    );
  if (templateId === undefined) {
    const { template } = templateOf(cloud, draft, token, undefined, false);
    return String(await made('one.vm.allocate', [encodeTemplate(template), false]));
  }
  const body = addsToTemplate(draft) ? await templates.read(cloud, templateId) : undefined;
  const { name, template } = templateOf(cloud, draft, token, body, true);
  return String(await made('one.template.instantiate', [templateId, name, false, encodeTemplate(template), false]));
}

/** Its machines are the newest: those of the token's owner, newest first. */
async function withToken(cloud: Cloud, token: string): Promise<Vm | undefined> {
  let cursor: string | undefined;
  do {
    const page: Page<Vm> = await readVms(cloud, cursor === undefined ? {} : { cursor }, 'own');
    const found = page.items.find(({ USER_TEMPLATE }) => USER_TEMPLATE.OCCI_TOKEN === token);
    if (found) return found;
    cursor = page.next;
  } while (cursor !== undefined);
  return undefined;
}

export const compute = (cloud: Cloud, accepted = new Accepted()): KindAdapter<'compute'> => ({
  // A deleted machine runs through its epilogue; one that is only shutting down can still come back.
  lingers: LINGER_SECONDS,
  ranges: true,
  finding: {
    by: 'number',
    highest: () => highestVm(cloud),
    async listed(id) {
      const [verdict, machine] = await Promise.all([cloud.verdict(), readListedVm(cloud, id)]);
      return accepted.shown(toCompute(cloud, verdict, machine));
    },
  },
  cannotHold: ['occi.compute.share'],
  cannotHoldValue: (name, value) => /^occi\.core\.(title|summary)$/.test(name) && !isHeld(value),

  async ids(query) {
    const { items, ...rest } = await readVmIds(cloud, query);
    return { ...rest, items: items.map(String) };
  },

  async list(query) {
    const [verdict, { items, ...rest }] = await Promise.all([cloud.verdict(), readVms(cloud, query)]);
    return { ...rest, items: items.map((machine) => toCompute(cloud, verdict, machine)) };
  },

  async get(id) {
    const [verdict, machine] = await Promise.all([cloud.verdict(), readVm(cloud, id)]);
    return accepted.shown(toCompute(cloud, verdict, machine));
  },

  async create(draft, token) {
    const id = await cloud.tokens.createOnce(cloud.caller, token, () => make(cloud, draft, token));
    const [verdict, machine] = await Promise.all([cloud.verdict(), readVm(cloud, id)]);
    // Slots are counted up, so what a draft adds stands behind what the VM template has.
    return inOrder(toCompute(cloud, verdict, machine), draft.links, 'end');
  },

  /** 1 call a minute for an OS template whose size the draft does not replace. */
  async sizeOfNew({ attributes, mixins }) {
    const templateId = objectAmong('os_tpl', mixins);
    const isWhole = SIZES.every((name) => attributes[name] !== undefined);
    if (isWhole || templateId === undefined) return { ...DEFAULT_SIZE, ...attributes };
    const { VCPU = 1, MEMORY = 0 } = await cloud.templates.read(cloud, templateId);
    return { 'occi.compute.cores': VCPU, 'occi.compute.memory': MEMORY / 1024, ...attributes };
  },

  async findByToken(token) {
    const [verdict, machine] = await Promise.all([cloud.verdict(), withToken(cloud, token)]);
    return machine && toCompute(cloud, verdict, machine);
  },

  update: (id, change) => updateCompute(cloud, id, change),

  /** 2 calls; 1 more in a state in which oned does not delete, where it is gone for OCCI at once all the same. */
  async remove(id) {
    const machine = await readVm(cloud, id);
    await translateChangeErrors(
      'compute',
      () => readVm(cloud, id),
      () => deleteMachine(cloud, machine),
    );
    cloud.tokens.forget(id);
  },

  async act(id, action, attributes) {
    const result = await actOn(cloud, id, action, attributes);
    accepted.add(id, action);
    return result;
  },
});
