/** An interface that Nova has attached. */
import * as z from 'zod';

export const interfaceAnswer = z.object({
  interfaceAttachment: z.object({ port_id: z.string(), port_state: z.string().nullish() }),
});
