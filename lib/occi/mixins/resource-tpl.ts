import { INFRASTRUCTURE } from '../schemes.ts';
import type { AttributeDefinitions, Mixin } from '../types.ts';

const APPLIES = ['http://schemas.ogf.org/occi/infrastructure#compute'] as const;

/** Base of all resource templates (INF-16). */
export const resourceTpl = {
  scheme: INFRASTRUCTURE,
  term: 'resource_tpl',
  title: 'Resource template',
  applies: APPLIES,
  location: '/mixin/resource_tpl/',
} as const satisfies Mixin;

/** Attributes with which a resource template sizes a machine (CRTP-2, CRTP-5); memory and disk in GiB. */
export function sizeAttributes(cores: number, memory: number, ephemeral: number) {
  return {
    'occi.compute.cores': { type: 'integer', mutable: false, default: cores },
    'occi.compute.memory': { type: 'number', mutable: false, default: memory },
    'occi.compute.ephemeral_storage.size': { type: 'number', mutable: false, default: ephemeral },
  } as const satisfies AttributeDefinitions;
}

const template = (term: string, title: string, cores: number, memory: number, ephemeral: number) =>
  ({
    scheme: 'http://schemas.ogf.org/occi/infrastructure/compute/template/1.1#',
    term,
    title,
    depends: ['http://schemas.ogf.org/occi/infrastructure#resource_tpl'],
    applies: APPLIES,
    location: `/mixin/resource_tpl/${term}/`,
    attributes: sizeAttributes(cores, memory, ephemeral),
  }) as const satisfies Mixin;

/** The six templates of the Compute Resource Templates Profile (GFD.222 §6, CRTP-3). */
export const CRTP_TEMPLATES = [
  template('small', 'Small', 1, 1, 10),
  template('medium', 'Medium', 2, 2, 20),
  template('large', 'Large', 4, 4, 40),
  template('mem_small', 'Small with more memory', 1, 4, 10),
  template('mem_medium', 'Medium with more memory', 2, 8, 20),
  template('mem_large', 'Large with more memory', 4, 16, 40),
] as const satisfies readonly Mixin[];
