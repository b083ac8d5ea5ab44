/** Sends a create of a server, with its key. */
import * as z from 'zod';
import type { NativeId } from '../../../lib/adapter/contract.ts';
import { toOcciError } from '../api/errors.ts';
import { path } from '../api/path.ts';
import type { Cloud } from '../cloud.ts';
import { SERVER_MICROVERSION } from '../machine/machine.ts';
import { dropKey, importAgain, importKey, isKeyMissing } from './keys.ts';
import type { Plan } from './plan.ts';

/** `adminPass` is not read. */
const createdAnswer = z.object({ server: z.object({ id: z.string() }) });

/** True if the server may exist after this failure. */
export const mayExist = (error: unknown): boolean => toOcciError(error, 'compute').unknownOutcome;

/** Sends the create; once more if another request has deleted the key meanwhile. Returns the id of the server. */
export async function post(cloud: Cloud, plan: Plan, server: object): Promise<NativeId> {
  const { key } = plan;
  const name = key && (await importKey(cloud, key));
  const attempt = async () => {
    const { value } = await cloud.client.call('compute', 'POST', path`servers`, createdAnswer, {
      body: { server: { ...server, ...(name !== undefined && { key_name: name }) } },
      microversion: SERVER_MICROVERSION,
    });
    return value.server.id;
  };
  try {
    return await attempt().catch(async (error) => {
      if (!key?.key || name === undefined || !isKeyMissing(error)) throw error;
      await importAgain(cloud, key, name);
      return await attempt();
    });
  } catch (error) {
    if (!mayExist(error)) await dropKey(cloud, { id: '', key_name: name });
    throw error;
  }
}
