/** How long what a machine is to get when it runs waits for it: nobody expects a disk or an address to appear later. */
import type { Instance } from '../native/index.ts';

/** In milliseconds. */
const PATIENCE = 15 * 60_000;

/**
 * When a machine was launched first, in milliseconds since the epoch; 0 where EC2 does not say. LaunchTime is that of
 * the last start, but its root and its first interface have been attached since the first.
 */
function launchedAt({ LaunchTime, BlockDeviceMappings, NetworkInterfaces }: Instance): number {
  const times = [
    LaunchTime,
    ...BlockDeviceMappings.map(({ Ebs }) => Ebs?.AttachTime),
    ...NetworkInterfaces.map(({ Attachment }) => Attachment?.AttachTime),
  ].flatMap((time) => time?.getTime() ?? []);
  return times.length > 0 ? Math.min(...times) : 0;
}

/** True when what waits has waited in vain: since it was written down or, where that is not known, since the first launch. */
export const isLate = (instance: Instance, since: Date | undefined): boolean =>
  Date.now() - (since?.getTime() ?? launchedAt(instance)) > PATIENCE;
