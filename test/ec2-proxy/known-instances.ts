import type { Call } from './call.ts';
import type { Upstream } from './upstream.ts';
import { stateElement } from './views.ts';
import { all, copy, documentOf, type Element, element, parse, put, textAt } from './xml.ts';

interface Known {
  readonly reservation: string;
  readonly owner: string;
  /** The emulator's own words; absent when a call may have changed them. */
  document: string | undefined;
  /** How often that was so: words that were asked for before are not kept. */
  changes: number;
}

/**
 * What the emulator shows of instances, kept until a call names something of them: it takes 5 ms for each that it
 * shows, and so some seconds for a listing of a thousand.
 */
export class KnownInstances {
  /** Per account and Region, in the order of their launch. */
  private readonly places = new Map<string, Map<string, Known>>();

  constructor(private readonly upstream: Upstream) {}

  /** What a launch has made: its answer is what a listing shows, but for the state. */
  async launched(call: Call, answer: Element): Promise<void> {
    const reservation = copy(answer);
    for (const item of all(reservation, 'instancesSet', 'item')) put(item, stateElement('instanceState', 'running'));
    this.learn(await this.place(call), reservation);
  }

  /** All instances, or those of some ids, as the emulator shows them. Throws NotFound for an id that it does not know. */
  async answer(call: Call, ids: readonly string[] = []): Promise<Element> {
    const place = await this.place(call);
    const wanted = new Set(ids.length > 0 ? ids : place.keys());
    const shown = await this.documents(call, place, [...wanted]);
    const reservations = new Map<string, Element>();
    for (const id of wanted) {
      const { reservation, owner } = place.get(id)!;
      const shell = reservations.get(reservation) ?? shellOf(reservation, owner);
      reservations.set(reservation, shell);
      shell.children.at(-1)!.children.push(parse(shown.get(id)!));
    }
    return {
      ...element('DescribeInstancesResponse', [
        element('reservationSet', [...reservations.values()]),
        element('requestId', 'request-id'),
      ]),
      attributes: ' xmlns="http://ec2.amazonaws.com/doc/2016-11-15"',
    };
  }

  /** Something of these ids (of an instance, or of what it has) may have changed. */
  forget(ids: readonly string[]): void {
    for (const place of this.places.values()) {
      for (const known of place.values()) {
        if (known.document !== undefined && !ids.some((id) => known.document!.includes(id))) continue;
        known.document = undefined;
        known.changes += 1;
      }
    }
  }

  /** What is known of some, and for the others what one question brings. */
  private async documents(call: Call, place: Map<string, Known>, ids: readonly string[]): Promise<Map<string, string>> {
    const documents = new Map<string, string>();
    const missing = ids.filter((id) => !place.get(id)?.document);
    for (const id of ids) documents.set(id, place.get(id)?.document ?? '');
    if (missing.length === 0) return documents;
    const before = new Map(missing.map((id) => [id, place.get(id)?.changes ?? 0]));
    const named = Object.fromEntries(missing.map((id, n) => [`InstanceId.${n + 1}`, id]));
    const root = await this.upstream.ask(call.asking('DescribeInstances', named));
    const fresh = new Map<string, Known>();
    for (const reservation of all(root, 'reservationSet', 'item')) this.learn(fresh, reservation);
    for (const [id, known] of fresh) {
      documents.set(id, known.document!);
      const changes = place.get(id)?.changes ?? 0;
      place.set(id, { ...known, changes, document: changes === before.get(id) ? known.document : undefined });
    }
    return documents;
  }

  private async place(call: Call): Promise<Map<string, Known>> {
    const name = `${await this.upstream.accountOf(call)} ${call.signer().region}`;
    const known = this.places.get(name);
    if (known) return known;
    const root = await this.upstream.ask(call.asking('DescribeInstances', { MaxResults: '1000000' }));
    const place = this.places.get(name) ?? new Map<string, Known>();
    this.places.set(name, place);
    for (const reservation of all(root, 'reservationSet', 'item')) this.learn(place, reservation);
    return place;
  }

  private learn(place: Map<string, Known>, reservation: Element): void {
    const [id, owner] = [textAt(reservation, 'reservationId'), textAt(reservation, 'ownerId')];
    for (const item of all(reservation, 'instancesSet', 'item')) {
      place.set(textAt(item, 'instanceId'), { reservation: id, owner, document: documentOf(item), changes: 0 });
    }
  }
}

const shellOf = (reservation: string, owner: string): Element =>
  element('item', [
    element('reservationId', reservation),
    element('ownerId', owner),
    element('groupSet'),
    element('instancesSet'),
  ]);
