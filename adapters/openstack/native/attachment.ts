/** Volumes that are attached to a server, as Nova lists them. */
import * as z from 'zod';

export const attachment = z.object({
  volumeId: z.string(),
  serverId: z.string(),
  device: z.string().nullish(),
});
/** With the state of its volume, where Cinder was asked too. */
export type Attachment = z.infer<typeof attachment> & { readonly volumeStatus?: string | undefined };
export const attachmentAnswer = z.object({ volumeAttachment: attachment });
export const attachmentsAnswer = z.object({ volumeAttachments: z.array(attachment) });
