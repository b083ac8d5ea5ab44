/**
 * Full VM templates, for creates that extend them. An attribute sent with a create replaces all of the template's
 * attributes of that name (measured on 6.10), so adding a network or a key means sending the template's own networks or
 * context as well.
 */

import * as z from 'zod';
import { BoundedCache, loadOnce } from '../../../lib/adapter/cache.ts';
import type { OneClient } from '../api/client.ts';
import { translateErrors } from '../api/errors.ts';
import { attributes, looseNumber, looseText, pool, root, vector } from '../native/fields.ts';
import { vmTemplateElement } from '../native/site.ts';
import { Present, type Vector } from './template.ts';

const vectors = z.preprocess(
  (value) => (Array.isArray(value) ? value : value === undefined || value === '' ? [] : [value]),
  z.array(attributes),
);

const element = z.object({
  TEMPLATE: vector({
    CONTEXT: attributes,
    DISK: vectors,
    MEMORY: looseNumber,
    NIC: vectors,
    OS: attributes,
    SCHED_REQUIREMENTS: looseText,
    VCPU: looseNumber,
  }),
});

const shape = root('VMTEMPLATE', element);

/** The attributes that a create may have to send again. */
export type VmTemplateBody = z.infer<typeof element>['TEMPLATE'];

/** Answer to one.templatepool.info: each template in the catalogue's form and in full. */
export const offeredPool = pool(
  'VMTEMPLATE_POOL',
  'VMTEMPLATE',
  z.preprocess((raw) => ({ offered: raw, whole: raw }), z.object({ offered: vmTemplateElement, whole: element })),
);

/** The caller that reads a template: its client, and the key of its entries in the cache. */
interface Reader {
  readonly client: OneClient;
  readonly caller: string;
}

/** Cache of VM templates (TTL one minute), separate per caller because permissions differ. */
export class VmTemplates {
  readonly #read = new BoundedCache<Promise<VmTemplateBody>>({ maxEntries: 200, ttlMs: 60_000 });

  /** Reads the template. Throws `invalid` for one that does not exist or that the caller may not use. */
  read({ client, caller }: Reader, id: number): Promise<VmTemplateBody> {
    return loadOnce(this.#read, `${caller} ${id}`, () =>
      translateErrors(
        'compute',
        async () => (await client.call('one.template.info', [id], shape, { repeatable: true })).TEMPLATE,
      ),
    );
  }

  /** Caches templates that the catalogue listing has just read for the caller. */
  keep({ caller }: Pick<Reader, 'caller'>, bodies: ReadonlyMap<number, VmTemplateBody>): void {
    for (const [id, body] of bodies) this.#read.set(`${caller} ${id}`, Promise.resolve(body));
  }
}

/** A vector of a template, to be sent back unchanged. */
export const asPresent = (values: Readonly<Record<string, string>>): Vector =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, new Present(value)]));
