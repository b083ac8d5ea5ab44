import type { OpenStack } from './openstack.mjs';

type Place = Pick<OpenStack, 'keystone' | 'database'>;

export declare const populate: (openStack: Place, count: number) => Promise<void>;
export declare const clear: (openStack: Place) => Promise<void>;
