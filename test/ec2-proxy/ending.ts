/** The end of an instance: what it holds is let go, or goes with it. */
import { freeAddresses } from './addresses.ts';
import type { Call } from './call.ts';
import { Refusal } from './refusal.ts';
import type { Site } from './site.ts';
import { all, textAt } from './xml.ts';

/**
 * Elastic addresses are taken from it and interfaces that are to go with it are deleted, of which the emulator does
 * neither (but for interfaces made at the launch). Volumes it treats rightly.
 */
export const endInstance = async (call: Call, id: string, site: Site): Promise<void> => {
  const nics = await site.find(call, 'DescribeNetworkInterfaces', {
    'Filter.1.Name': 'attachment.instance-id',
    'Filter.1.Value.1': id,
  });
  for (const nic of nics) await freeAddresses(call, textAt(nic, 'networkInterfaceId'), site);
  await site.upstream.ask(call.asking('TerminateInstances', { 'InstanceId.1': id }));
  for (const nic of nics) {
    if (textAt(nic, 'attachment', 'deleteOnTermination') !== 'true') continue;
    const interfaceId = textAt(nic, 'networkInterfaceId');
    const already = (error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
    };
    await site.upstream.ask(call.asking('DeleteNetworkInterface', { NetworkInterfaceId: interfaceId })).catch(already);
  }
  site.known.forget([id]);
  site.terminated.set(id, site.clock.now());
  for (const nic of nics) {
    for (const attachment of all(nic, 'attachment'))
      site.deleteOnTermination.delete(textAt(attachment, 'attachmentId'));
  }
};
