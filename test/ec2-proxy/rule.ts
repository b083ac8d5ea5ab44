import type { Call } from './call.ts';
import type { Site } from './site.ts';
import type { Answer } from './upstream.ts';
import { documentOf, type Element } from './xml.ts';

/** What the proxy does about one action of EC2, beside passing it on. */
export interface Rule {
  /** Throws a refusal for what EC2 refuses and the emulator does not. */
  readonly check?: (call: Call, site: Site) => Promise<void> | void;
  /** How it is carried out; by default by the emulator, as it was asked. */
  readonly carry?: (call: Call, site: Site) => Promise<Answer>;
  /** What follows from it, and what its answer says otherwise. */
  readonly after?: (call: Call, answer: Element, site: Site) => Promise<void> | void;
}

export type Rules = Readonly<Record<string, Rule>>;

/** An answer of the proxy's own. */
export const answerOf = (action: string, children: Element[]): Answer => ({
  status: 200,
  type: 'text/xml;charset=UTF-8',
  body: documentOf({
    name: `${action}Response`,
    attributes: ' xmlns="http://ec2.amazonaws.com/doc/2016-11-15"',
    children: [{ name: 'requestId', attributes: '', children: [], text: 'request-id' }, ...children],
    text: '',
  }),
});
