import type { Call } from './call.ts';
import { Refusal } from './refusal.ts';
import type { Site } from './site.ts';
import { textAt } from './xml.ts';

/** The emulator says InvalidInstanceType.NotFound at a launch, and nothing at a change. */
export const checkType = async (call: Call, site: Site, type: string): Promise<void> => {
  if (site.types.has(type)) return;
  const found = await site.find(call, 'DescribeInstanceTypes', { 'InstanceType.1': type }).catch((error: unknown) => {
    if (error instanceof Refusal) return [];
    throw error;
  });
  if (found.length === 0) throw new Refusal('InvalidParameterValue', `Invalid value '${type}' for InstanceType.`);
  site.types.set(type, textAt(found[0], 'burstablePerformanceSupported') === 'true');
};

/** Whether a type has CPU credits; one that there is not has none. */
export const isBurstable = async (call: Call, site: Site, type: string): Promise<boolean> => {
  if (type) await checkType(call, site, type);
  return site.types.get(type) ?? false;
};
