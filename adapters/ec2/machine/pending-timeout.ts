/**
 * How long a pending disk or address waits for its instance to start. A user does not expect one to appear hours later.
 */
import type { Instance } from '../native/index.ts';

const PATIENCE = 15 * 60_000;

/**
 * When an instance was first launched, in milliseconds since the epoch; 0 if EC2 does not say. LaunchTime is the time
 * of the last start, but the root disk and the first interface stay attached from the first launch.
 */
function launchedAt({ LaunchTime, BlockDeviceMappings, NetworkInterfaces }: Instance): number {
  const times = [
    LaunchTime,
    ...BlockDeviceMappings.map(({ Ebs }) => Ebs?.AttachTime),
    ...NetworkInterfaces.map(({ Attachment }) => Attachment?.AttachTime),
  ].flatMap((time) => time?.getTime() ?? []);
  return times.length > 0 ? Math.min(...times) : 0;
}

/**
 * True if a pending disk or address has timed out: counted from when it was stored or, if that is unknown, from the
 * first launch.
 */
export const isLate = (instance: Instance, since: Date | undefined): boolean =>
  Date.now() - (since?.getTime() ?? launchedAt(instance)) > PATIENCE;
