/** `save` makes an image of the server, which the catalogue lists as an OS template once Glance has it whole. */
import * as z from 'zod';
import { OcciError } from '../../../lib/errors.ts';
import type { Attributes, Mixin } from '../../../lib/occi/types.ts';
import { translateErrors } from '../api/errors.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import { isMark } from '../mark.ts';
import { imageMixin } from '../mixins.ts';
import type { Server } from '../native/server.ts';
import { computeState } from '../states.ts';
import { isHeld } from './texts.ts';

/** From 2.45 on; before, the answer is empty and the id stands at the end of `Location`. */
const savedAnswer = z.object({ image_id: z.string() }).optional();

const LAST_PART = /\/([0-9a-f-]{36})$/;

function nameOf({ name }: Server, wanted: unknown): string {
  const given = typeof wanted === 'string' ? wanted.trim() : '';
  if (given !== '') {
    if (isHeld(given)) return given;
    throw new OcciError('invalid', 'The attribute name has characters that the names of images cannot have.');
  }
  return name === '' || isMark(name) ? 'saved compute' : name;
}

/** Saves a server, and returns its image as the catalogue will show it: 1 call. */
export async function saveServer({ client }: Cloud, server: Server, { name, method }: Attributes): Promise<Mixin> {
  if (method === 'deferred' && computeState(server).state === 'active') {
    throw new OcciError(
      'conflict',
      'This cloud saves an active compute as it runs, which is method=hot; for method=deferred stop it first.',
    );
  }
  const title = nameOf(server, name);
  const { value, headers } = await translateErrors('compute', () =>
    client.call('compute', 'POST', path`servers/${server.id}/action`, savedAnswer, {
      body: { createImage: { name: title } },
      microversion: '2.45',
    }),
  );
  const id = value?.image_id ?? LAST_PART.exec(headers.location ?? '')?.[1];
  if (id === undefined)
    throw new OcciError('unavailable', 'The compute is being saved, but the cloud did not say as which OS template.', {
      unknownOutcome: true,
    });
  return imageMixin({ id, name: title });
}
