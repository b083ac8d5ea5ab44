/** ADAPTERS: the clouds by name. The contract that each of them keeps is `lib/adapter/contract.ts`. */
import type { AdapterModule } from '../lib/adapter/module.ts';

/** One visible line each: bundlers need it, and an adapter that is not used is never loaded. */
export const ADAPTERS = {
  dummy: () => import('./dummy/index.ts'),
  opennebula: () => import('./opennebula/index.ts'),
  ec2: () => import('./ec2/index.ts'),
  openstack: () => import('./openstack/index.ts'),
} as const satisfies Record<string, () => Promise<AdapterModule<unknown>>>;

export type AdapterName = keyof typeof ADAPTERS;

/** The cloud that `npm start` serves when no other is named. */
export const DEFAULT_ADAPTER: AdapterName = 'dummy';
