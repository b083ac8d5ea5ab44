/** The availability zones of servers and of volumes: a cloud may have other ones for these. */

import type * as z from 'zod';
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import { viewOf } from '../identity/session.ts';
import { zonesAnswer } from '../native/catalogue.ts';

const namesIn = ({ availabilityZoneInfo }: z.infer<typeof zonesAnswer>): readonly string[] =>
  availabilityZoneInfo
    .filter(({ zoneState }) => zoneState?.available !== false)
    .map(({ zoneName }) => zoneName)
    .sort();

/** Names of the zones of servers that are available: 1 call, the first time in five minutes. */
export async function readZones(cloud: Cloud): Promise<readonly string[]> {
  const view = viewOf(await cloud.session());
  return cloud.shelves.zones.read(view, () =>
    translateErrors('compute', async () =>
      namesIn(await cloud.client.read('compute', path`os-availability-zone`, zonesAnswer)),
    ),
  );
}

/** Those of volumes; none without Cinder. */
export async function readVolumeZones(cloud: Cloud): Promise<readonly string[]> {
  const session = await cloud.session();
  if (session.endpoints.volume === undefined) return [];
  return cloud.shelves.volumeZones.read(viewOf(session), () =>
    translateErrors('storage', async () =>
      namesIn(await cloud.client.read('volume', path`os-availability-zone`, zonesAnswer)),
    ),
  );
}
