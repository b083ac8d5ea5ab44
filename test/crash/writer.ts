/** One of many clients that write at once: all verbs that change something, each on entities of its own. */
import type { Answer, Client, Sent } from './client.ts';
import { attempt, type Change, type Entry, entryOf, GONE, HERE, isHere, isOpen, type Open } from './journal.ts';
import { ACTIONS, endOf, FIRST_STATE, INFRASTRUCTURE, LINKS, RESOURCES } from './kinds.ts';
import type { Random } from './random.ts';

const TAGS = 'http://example.org/kill-rounds#';

/** Entities of one writer from which on it deletes rather than makes. */
const MANY = 12;

export class Writer {
  readonly #name: string;
  readonly #random: Random;
  #made = 0;
  #tagged = false;
  readonly entries: Entry[] = [];
  readonly open: Open[] = [];
  /** Writes that were acknowledged, and answers that no client should get. */
  acknowledged = 0;
  readonly failures: string[] = [];

  constructor(name: string, random: Random) {
    this.#name = name;
    this.#random = random;
  }

  /** The mixin that it tags with. */
  get tag(): string {
    return TAGS + this.#name;
  }

  /** Writes until the server dies. */
  async run(client: Client): Promise<void> {
    if (!this.#tagged) {
      const mixin = { term: this.#name, scheme: TAGS, location: `/tags/${this.#name}/` };
      const answer = await this.#send(client, 'POST', '/-/', { body: { mixins: [mixin] } });
      if (!answer) return;
      this.#tagged = true;
    }
    while (await this.#step(client)) {
      // on to the next
    }
  }

  /** Repeats the creates that were not answered, under their keys. */
  async settle(client: Client): Promise<void> {
    const here = new Set(this.entries.filter(isHere).map(({ path }) => path));
    // A link between what is gone by now can only be refused.
    const possible = this.open.splice(0).filter(({ ends = [] }) => ends.every((end) => here.has(end)));
    for (const open of possible) await this.#createKeyed(client, open);
  }

  async #step(client: Client): Promise<Answer | undefined> {
    const here = this.entries.filter(isHere);
    const chance = this.#random.next();
    if (here.length === 0 || (chance < 0.35 && here.length < MANY)) return await this.#create(client);
    if (chance < 0.5 && here.length < MANY) return await this.#link(client, here);
    const entry = this.#random.of(here);
    if (chance < 0.56) return await this.#retitle(client, entry);
    if (chance < 0.6) return await this.#replace(client, entry);
    if (chance < 0.7) return await this.#act(client, entry);
    if (chance < 0.8) return await this.#tagOrUntag(client, entry);
    return await this.#delete(client, entry);
  }

  async #create(client: Client): Promise<Answer | undefined> {
    const kind = this.#random.of(Object.keys(RESOURCES));
    const title = this.#title();
    const body = { kind: `${INFRASTRUCTURE}#${kind}`, title, attributes: RESOURCES[kind] };
    const way = this.#random.next();
    if (way < 0.1) return await this.#createMany(client);
    if (way < 0.3) {
      const entry = entryOf(`/${kind}/${title}`, kind, { presence: GONE, title, state: FIRST_STATE[kind] });
      this.entries.push(entry);
      return await this.#attempt([[entry, 'presence', HERE]], client, 'PUT', entry.path, { body });
    }
    if (way < 0.7) return await this.#createKeyed(client, { key: title, path: `/${kind}/`, body, kind, title });
    return this.#created(await this.#send(client, 'POST', `/${kind}/`, { body }), kind, title);
  }

  async #createKeyed(client: Client, open: Open): Promise<Answer | undefined> {
    const { key, path, body, kind, title, ends } = open;
    const answer = await this.#send(client, 'POST', path, { body, headers: { 'Idempotency-Key': key } });
    if (isOpen(answer)) this.open.push(open);
    return this.#created(answer, kind, title, ends);
  }

  /** Two at once, the second with a link to what is there already, if it can have one. */
  async #createMany(client: Client): Promise<Answer | undefined> {
    const target = this.entries.find((entry) => isHere(entry) && LINKS[entry.kind]);
    const link = target && { kind: `${INFRASTRUCTURE}#${LINKS[target.kind]}`, target: endOf(target) };
    const titles = ['storage', 'compute'].map((kind) => [kind, this.#title()] as const);
    const resources = titles.map(([kind, title]) => ({
      kind: `${INFRASTRUCTURE}#${kind}`,
      title,
      attributes: RESOURCES[kind],
      ...(kind === 'compute' && link && { links: [link] }),
    }));
    const answer = await this.#send(client, 'POST', '/', { body: { resources } });
    if (answer?.status !== 201) return answer;
    for (const { id, title, kind } of JSON.parse(answer.body).resources) {
      const term = kind.slice(kind.indexOf('#') + 1);
      const path = `/${term}/${id.replace('urn:uuid:', '')}`;
      this.#created({ ...answer, location: path }, term, title);
    }
    return answer;
  }

  async #link(client: Client, here: readonly Entry[]): Promise<Answer | undefined> {
    const sources = here.filter(({ kind }) => kind === 'compute');
    const targets = here.filter(({ kind }) => LINKS[kind]);
    if (sources.length === 0 || targets.length === 0) return await this.#create(client);
    const source = this.#random.of(sources);
    const target = this.#random.of(targets);
    const kind = LINKS[target.kind]!;
    const title = this.#title();
    const body = { kind: `${INFRASTRUCTURE}#${kind}`, title, source: endOf(source), target: endOf(target) };
    const ends = [source.path, target.path];
    if (this.#random.next() < 0.5) {
      return await this.#createKeyed(client, { key: title, path: `/${kind}/`, body, kind, title, ends });
    }
    return this.#created(await this.#send(client, 'POST', `/${kind}/`, { body }), kind, title, ends);
  }

  async #retitle(client: Client, entry: Entry): Promise<Answer | undefined> {
    const title = `${[...entry.facts.title][0]!.replace(/\..*/, '')}.${++this.#made}`;
    return await this.#attempt([[entry, 'title', title]], client, 'POST', entry.path, {
      body: `X-OCCI-Attribute: occi.core.title="${title}"`,
    });
  }

  /** As a whole: what is left out, tags among it, goes. */
  async #replace(client: Client, entry: Entry): Promise<Answer | undefined> {
    const { kind, path } = entry;
    if (kind === 'compute' || !RESOURCES[kind]) return await this.#retitle(client, entry);
    const title = `${[...entry.facts.title][0]!.replace(/\..*/, '')}.${++this.#made}`;
    const changes: Change[] = [
      [entry, 'title', title],
      [entry, 'tag', 'bare'],
    ];
    const body = { kind: `${INFRASTRUCTURE}#${kind}`, title, attributes: RESOURCES[kind] };
    return await this.#attempt(changes, client, 'PUT', path, { body });
  }

  async #act(client: Client, entry: Entry): Promise<Answer | undefined> {
    const [action, state] = this.#random.of(ACTIONS[entry.kind] ?? [['', '']]);
    if (!action) return await this.#retitle(client, entry);
    const body = { action: `${INFRASTRUCTURE}/${entry.kind}/action#${action}` };
    return await this.#attempt([[entry, 'state', state]], client, 'POST', `${entry.path}?action=${action}`, { body });
  }

  async #tagOrUntag(client: Client, entry: Entry): Promise<Answer | undefined> {
    const [method, value] = entry.facts.tag.has('tagged') ? ['DELETE', 'bare'] : ['POST', 'tagged'];
    const body = `X-OCCI-Location: ${entry.path}`;
    return await this.#attempt([[entry, 'tag', value]], client, method, `/tags/${this.#name}/`, { body });
  }

  /** A machine takes its links with it. */
  async #delete(client: Client, entry: Entry): Promise<Answer | undefined> {
    const links = this.entries.filter(({ ends }) => ends?.[0] === entry.path);
    const gone = [entry, ...links].map((one): Change => [one, 'presence', GONE]);
    return await this.#attempt(gone, client, 'DELETE', entry.path);
  }

  #created(answer: Answer | undefined, kind: string, title: string, ends?: readonly string[]): Answer | undefined {
    // A link between the same two, where one was deleted, has the same path: what is known of that one counts no more.
    const before = this.entries.findIndex((entry) => ends && entry.kind === kind && `${entry.ends}` === `${ends}`);
    if (before >= 0 && (isOpen(answer) || answer?.status === 201)) this.entries.splice(before, 1);
    if (answer?.status === 201 && answer.location) {
      this.entries.push(entryOf(answer.location, kind, { title, state: FIRST_STATE[kind] }, ends));
    }
    return answer;
  }

  async #attempt(changes: readonly Change[], client: Client, method: string, path: string, sent?: Sent) {
    return await attempt(changes, () => this.#send(client, method, path, sent));
  }

  /** A conflict is the model's right: something in use is not deleted, an action does not fit the state. */
  async #send(client: Client, method: string, path: string, sent?: Sent): Promise<Answer | undefined> {
    const answer = await client.send(method, path, sent);
    if (!answer) return undefined;
    if (answer.status < 300) this.acknowledged += 1;
    else if (answer.status !== 409 && !isOpen(answer))
      this.failures.push(`${method} ${path}: ${answer.status} ${answer.body}`);
    return answer;
  }

  #title(): string {
    return `${this.#name}-${++this.#made}`;
  }
}
