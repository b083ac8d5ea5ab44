import { INFRASTRUCTURE } from '../schemes.ts';
import type { Mixin } from '../types.ts';

/** Base of all operating system templates (INF-15). The templates themselves come from the cloud's catalogue. */
export const osTpl = {
  scheme: INFRASTRUCTURE,
  term: 'os_tpl',
  title: 'OS template',
  applies: ['http://schemas.ogf.org/occi/infrastructure#compute'],
  location: '/mixin/os_tpl/',
} as const satisfies Mixin;
