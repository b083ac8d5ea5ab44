/** What the adapter sends, kept command by command: it is sent again by a bare client. */
import { EC2Client } from '@aws-sdk/client-ec2';

type Send = (command: unknown, ...more: unknown[]) => Promise<unknown>;

/** A command as the SDK has it: its class, and what it was made with. */
export interface Sent {
  readonly make: new (input: unknown) => unknown;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

const prototype = EC2Client.prototype as unknown as { send: Send };
const { send } = prototype;
let kept: Sent[] | undefined;

/** Keeps what all clients of the process send while `work` runs. */
export async function commandsOf(work: () => Promise<unknown>): Promise<readonly Sent[]> {
  const own: Sent[] = [];
  kept = own;
  prototype.send = function (this: EC2Client, command, ...more) {
    const { constructor: make, input } = command as { constructor: Sent['make']; input: Sent['input'] };
    kept?.push({ make, name: make.name.replace(/Command$/, ''), input });
    return send.call(this, command, ...more);
  };
  try {
    await work();
  } finally {
    prototype.send = send;
    kept = undefined;
  }
  return own;
}

/** The same commands by a client that does nothing else, one after the other. */
export async function sendAgain(client: EC2Client, commands: readonly Sent[]): Promise<void> {
  for (const { make: Command, input } of commands) await (client as unknown as { send: Send }).send(new Command(input));
}
