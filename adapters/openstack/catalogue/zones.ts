/** The availability zones of servers. */
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import { viewOf } from '../identity/session.ts';
import { zonesAnswer } from '../native/catalogue.ts';

/** Names of the zones that are available: 1 call, the first time in five minutes. */
export async function readZones(cloud: Cloud): Promise<readonly string[]> {
  const view = viewOf(await cloud.session());
  return cloud.shelves.zones.read(view, async () => {
    const { availabilityZoneInfo } = await translateErrors('compute', () =>
      cloud.client.read('compute', path`os-availability-zone`, zonesAnswer),
    );
    return availabilityZoneInfo
      .filter(({ zoneState }) => zoneState?.available !== false)
      .map(({ zoneName }) => zoneName)
      .sort();
  });
}
