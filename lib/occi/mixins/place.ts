import { INFRASTRUCTURE } from '../schemes.ts';
import type { Mixin } from '../types.ts';

const APPLIES = [
  'http://schemas.ogf.org/occi/infrastructure#compute',
  'http://schemas.ogf.org/occi/infrastructure#storage',
  'http://schemas.ogf.org/occi/infrastructure#network',
  'http://schemas.ogf.org/occi/infrastructure#securitygroup',
  'http://schemas.ogf.org/occi/infrastructure#ipreservation',
] as const;

/** Base of the zones in a cloud's catalogue (EXT-9). */
export const availabilityZone = {
  scheme: INFRASTRUCTURE,
  term: 'availability_zone',
  title: 'Availability zone',
  applies: APPLIES,
  location: '/mixin/availability_zone/',
} as const satisfies Mixin;

/** Base of the regions in a cloud's catalogue (EXT-9). */
export const region = {
  scheme: INFRASTRUCTURE,
  term: 'region',
  title: 'Region',
  applies: APPLIES,
  location: '/mixin/region/',
} as const satisfies Mixin;

/** Base of the pools that addresses are reserved from (EXT-5). */
export const floatingIpPool = {
  scheme: 'http://schemas.openstack.org/network#',
  term: 'floatingippool',
  title: 'Floating IP pool',
  applies: [
    'http://schemas.ogf.org/occi/infrastructure#ipreservation',
    'http://schemas.ogf.org/occi/infrastructure#networkinterface',
  ],
  location: '/mixin/floatingippool/',
} as const satisfies Mixin;
