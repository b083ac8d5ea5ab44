/**
 * `save`: the first disk becomes an image, and a copy of the machine's VM template with that image an OS template of
 * the caller. The image is copied after the answer; a compute made of the template meanwhile waits for it.
 */

import * as z from 'zod';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { Attributes, Mixin } from '../../../lib/occi/types.ts';
import { translateChangeErrors } from '../api/errors.ts';
import type { Cloud } from '../cloud.ts';
import { readVm } from '../machine/reads.ts';
import { templateMixin } from '../mixins.ts';
import type { Vm } from '../native/index.ts';
import { suffixOf } from '../template/naming.ts';
import { cannotName, type Template } from '../template/template.ts';
import { asPresent } from '../template/vm-templates.ts';
import { encodeTemplate } from '../template/write.ts';

/** Snapshot number by which oned means the current content of the disk. */
const AS_IT_IS = -1;
const SAME_TYPE = '';
const APPEND = 1;

/** What a machine without VM template leaves behind: its size and networks. */
const ownTemplate = ({ TEMPLATE }: Vm, name: string, image: number): Template => ({
  NAME: name,
  CPU: TEMPLATE.CPU ?? 1,
  VCPU: TEMPLATE.VCPU ?? 1,
  MEMORY: TEMPLATE.MEMORY ?? 1024,
  ...(TEMPLATE.OS.ARCH && { OS: { ARCH: TEMPLATE.OS.ARCH } }),
  NIC: TEMPLATE.NIC.flatMap(({ NETWORK_ID }) => (NETWORK_ID === undefined ? [] : [{ NETWORK_ID }])),
  CONTEXT: { NETWORK: 'YES' },
  DISK: [{ IMAGE_ID: image }],
});

/** Names are unique per owner, and clients save repeatedly under the same name. */
function nameFor(attributes: Attributes, id: NativeId): string {
  const wanted = typeof attributes.name === 'string' ? attributes.name.trim() : '';
  const name = `${wanted || 'saved compute'} ${suffixOf(`${id} ${Date.now()} ${Math.random()}`).slice(0, 6)}`;
  const why = cannotName(name);
  if (why === undefined) return name;
  throw new OcciError(
    'invalid',
    `The attribute name, with what makes it unique, ${why}, which OpenNebula cannot keep.`,
  );
}

/**
 * Saves a machine. Throws `conflict` for one without a disk of an image, or in a state that cannot be saved. When the
 * template cannot be made, the image that was begun is taken away again as far as oned lets it be.
 */
export async function saveCompute(cloud: Cloud, id: NativeId, attributes: Attributes): Promise<Mixin> {
  const { client, templates } = cloud;
  const machine = await readVm(cloud, id);
  const disk = machine.TEMPLATE.DISK.find(({ IMAGE_ID }) => IMAGE_ID !== undefined);
  if (!disk) throw new OcciError('conflict', 'The compute has no disk that could be saved.');
  const name = nameFor(attributes, id);
  return translateChangeErrors(
    'compute',
    () => readVm(cloud, id),
    async () => {
      const image = await client.call(
        'one.vm.disksaveas',
        [machine.ID, disk.DISK_ID, name, SAME_TYPE, AS_IT_IS],
        z.int(),
      );
      try {
        return templateMixin({ ID: await makeTemplate(image), NAME: name });
      } catch (error) {
        await client.call('one.image.delete', [image, true], z.unknown()).catch(() => {});
        throw error;
      }
    },
  );

  /** A copy of the template keeps what we do not know of; without one there is what the machine shows. */
  async function makeTemplate(image: number): Promise<number> {
    const origin = machine.TEMPLATE.TEMPLATE_ID;
    const body = origin === undefined ? undefined : await templates.read(cloud, origin).catch(() => undefined);
    if (origin === undefined || !body) {
      return client.call('one.template.allocate', [encodeTemplate(ownTemplate(machine, name, image))], z.int());
    }
    // Its machine's first disk of an image is that of the template, if the template has one.
    const place = body.DISK.findIndex((one) => one.IMAGE_ID !== undefined || one.IMAGE !== undefined);
    const disks = body.DISK.map(asPresent);
    if (place < 0) disks.unshift({ IMAGE_ID: image });
    else disks[place] = { IMAGE_ID: image };
    const copy = await client.call('one.template.clone', [origin, name], z.int());
    try {
      await client.call('one.template.update', [copy, encodeTemplate({ DISK: disks }), APPEND], z.unknown());
      return copy;
    } catch (error) {
      await client.call('one.template.delete', [copy, false], z.unknown()).catch(() => {});
      throw error;
    }
  }
}
