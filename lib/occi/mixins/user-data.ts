import type { Mixin } from '../types.ts';

const APPLIES = ['http://schemas.ogf.org/occi/infrastructure#compute'] as const;

/** GFD.224 §3.5.4 (INF-18). Practice is base64; plain text is taken as well. */
export const userData = {
  scheme: 'http://schemas.ogf.org/occi/infrastructure/compute#',
  term: 'user_data',
  title: 'User data',
  applies: APPLIES,
  location: '/mixin/user_data/',
  attributes: { 'occi.compute.userdata': { type: 'string', mutable: true, maxLength: 65_536 } },
} as const satisfies Mixin;

/** The same as OpenStack's servers and most clients name it (EXT-1). Its data is base64. */
export const openstackUserData = {
  scheme: 'http://schemas.openstack.org/compute/instance#',
  term: 'user_data',
  title: 'OpenStack user data',
  applies: APPLIES,
  location: '/mixin/openstack_user_data/',
  attributes: {
    'org.openstack.compute.user_data': { type: 'string', mutable: true, maxLength: 65_536, format: 'base64' },
  },
} as const satisfies Mixin;
