/**
 * ClientToken [documented]: up to 64 ASCII characters, within a Region; the same token with the same parameters gives
 * the first result again, with others IdempotentParameterMismatch. Only these three of the calls that the adapter uses
 * take one.
 */
import type { Call } from './call.ts';
import { Refusal } from './refusal.ts';
import type { Answer } from './upstream.ts';

const TOKENED: ReadonlySet<string> = new Set(['RunInstances', 'CreateVolume', 'CreateNetworkInterface']);

interface Done {
  readonly parameters: string;
  readonly answer: Promise<Answer>;
}

const parametersOf = (call: Call): string =>
  JSON.stringify([...call.params].filter(([name]) => name !== 'ClientToken').sort(([a], [b]) => (a < b ? -1 : 1)));

export class ClientTokens {
  private readonly done = new Map<string, Done>();

  /** The first answer under the call's token. Those who come while it is being made wait for it; a failure is forgotten. */
  async once(call: Call, account: string, make: () => Promise<Answer>): Promise<Answer> {
    const token = call.get('ClientToken');
    if (!token || !TOKENED.has(call.action)) return await make();
    if (!/^[\x21-\x7e]{1,64}$/.test(token))
      throw new Refusal('InvalidParameterValue', 'Invalid value for ClientToken.');
    const key = [account, call.signer().region, call.action, token].join(' ');
    const parameters = parametersOf(call);
    const earlier = this.done.get(key);
    if (earlier) {
      if (earlier.parameters === parameters) return await earlier.answer;
      throw new Refusal(
        'IdempotentParameterMismatch',
        'The client token provided is associated with a request with different parameters.',
      );
    }
    const answer = make();
    this.done.set(key, { parameters, answer });
    const forget = () => this.done.delete(key);
    answer.then(({ status }) => status !== 200 && forget(), forget);
    return await answer;
  }
}
