import type { Call } from './call.ts';
import { Refusal } from './refusal.ts';
import type { Site } from './site.ts';

/** The emulator says InvalidInstanceType.NotFound at a launch, and nothing at a change. */
export const checkType = async (call: Call, site: Site, type: string): Promise<void> => {
  if (site.types.has(type)) return;
  const found = await site.find(call, 'DescribeInstanceTypes', { 'InstanceType.1': type }).catch((error: unknown) => {
    if (error instanceof Refusal) return [];
    throw error;
  });
  if (found.length === 0) throw new Refusal('InvalidParameterValue', `Invalid value '${type}' for InstanceType.`);
  site.types.add(type);
};
