import { ADDRESSES } from './addresses.ts';
import { CREDITS } from './credits.ts';
import { IMAGES } from './images.ts';
import { INSTANCES } from './instances.ts';
import { INTERFACES } from './interfaces.ts';
import { NETWORKS } from './networks.ts';
import type { Rule, Rules } from './rule.ts';
import { TAGS } from './tags.ts';
import { VOLUMES } from './volumes.ts';

const RULES: Rules = {
  ...INSTANCES,
  ...CREDITS,
  ...VOLUMES,
  ...INTERFACES,
  ...ADDRESSES,
  ...NETWORKS,
  ...IMAGES,
  ...TAGS,
};

/** What the proxy does about an action; nothing about those that the emulator does rightly. */
export const ruleOf = (action: string): Rule => (Object.hasOwn(RULES, action) ? RULES[action]! : {});
