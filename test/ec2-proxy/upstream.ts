/** The emulator behind the proxy. */
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import type { Call } from './call.ts';
import { Refusal } from './refusal.ts';
import { all, type Element, parse, textAt } from './xml.ts';

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export interface Incoming {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string | Buffer;
}

export class Upstream {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly sessions = new Map<string, Promise<string>>();

  /** @param account where calls without a session's token are at home */
  constructor(
    private readonly endpoint: string,
    readonly account: string,
  ) {}

  close(): void {
    this.agent.destroy();
  }

  send({ method, path, headers, body }: Incoming): Promise<Answer & { readonly headers: IncomingHttpHeaders }> {
    const own = headers['x-amz-security-token'] ? {} : { 'x-moto-account-id': this.account };
    const { connection: _, 'content-length': __, 'transfer-encoding': ___, expect: ____, ...kept } = headers;
    return new Promise((resolve, reject) => {
      const onward = request(
        new URL(path, this.endpoint),
        { method, agent: this.agent, headers: { ...kept, ...own, 'content-length': Buffer.byteLength(body) } },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', reject);
          answer.on('end', () =>
            resolve({
              status: answer.statusCode ?? 502,
              type: answer.headers['content-type'] ?? '',
              headers: answer.headers,
              body: Buffer.concat(chunks).toString(),
            }),
          );
        },
      );
      onward.on('error', reject);
      onward.end(body);
    });
  }

  call(call: Call): Promise<Answer> {
    return this.send({ method: 'POST', path: '/', headers: call.headers, body: call.body() });
  }

  /** Whose call it is: the account of the role whose session it is in, or the one that is at home here. */
  async accountOf(call: Call): Promise<string> {
    const session = call.headers['x-amz-security-token']?.toString();
    if (!session) return this.account;
    const known = this.sessions.get(session) ?? this.identify(call);
    this.sessions.set(session, known);
    return await known;
  }

  private async identify(call: Call): Promise<string> {
    const authorization = call.headers.authorization?.replace('/ec2/aws4_request', '/sts/aws4_request');
    const headers = { ...call.headers, authorization };
    const body = 'Action=GetCallerIdentity&Version=2011-06-15';
    const answer = await this.send({ method: 'POST', path: '/', headers, body });
    if (answer.status !== 200) throw refusalIn(answer);
    return textAt(parse(answer.body), 'GetCallerIdentityResult', 'Account');
  }

  /** A call of the proxy's own, in the name of whoever called it. Throws the refusal that it is answered with. */
  async ask(call: Call): Promise<Element> {
    const answer = await this.call(call);
    if (answer.status === 200) return parse(answer.body);
    throw refusalIn(answer);
  }
}

/** The refusal of a call. */
export const refusalIn = ({ status, body }: Answer): Refusal => {
  try {
    const [error] = all(parse(body), 'Errors', 'Error');
    return new Refusal(textAt(error, 'Code'), textAt(error, 'Message'), status);
  } catch {
    return new Refusal('InternalError', `The emulator answered ${status}: ${body.slice(0, 200)}`, 500);
  }
};
