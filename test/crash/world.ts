/** A cloud and a table, and the processes of the endpoint that work on them one after the other. */
import type { Row, RowKey, Table } from '../../lib/table/table.ts';
import type { Call, Reply } from '../endpoint.ts';
import type { Cloud } from './clouds/cloud.ts';
import { type Death, Life, type Step } from './life.ts';
import { mortalTable } from './mortal-table.ts';
import { type Clock, evaluate, startProcess } from './processes.ts';
import { type Relay, startRelay, startRelays } from './relay.ts';

/** A request as a scenario writes it. */
export interface Request extends Call {
  readonly method: string;
  readonly path: string;
}

const nameOf = ({ pk, sk }: RowKey): string => `${pk}\n${sk}`;

/** A process that lives. */
export interface Process {
  send(request: Request): Promise<Reply>;
}

/** Longer than anything that a process began counts as under way, in milliseconds. */
export const LATER = 61_000;

/** All that have not been stopped. */
const worlds = new Set<World>();

/** Stops what a scenario that failed has left. */
export const stopWorlds = async (): Promise<void> => {
  for (const world of worlds) await world.stop();
};

interface Held {
  readonly table: Table;
  readonly clock: Clock;
  readonly keys: Iterable<RowKey>;
  readonly ignored: Iterable<string>;
}

export class World {
  readonly cloud: Cloud;
  readonly #clock: Clock;
  readonly #table: Table;
  readonly #keys: Map<string, RowKey>;
  /** Rows that are of no scenario. */
  readonly #ignored: Set<string>;
  readonly #running: { stop(): void }[] = [];

  constructor(cloud: Cloud, held?: Held) {
    this.cloud = cloud;
    worlds.add(this);
    this.#clock = { ahead: held?.clock.ahead ?? 0 };
    this.#table = held?.table ?? evaluate(this.#clock).memoryTable();
    this.#keys = new Map([...(held?.keys ?? [])].map((key) => [nameOf(key), key]));
    this.#ignored = new Set(held?.ignored);
  }

  /** The same once more; undefined where the cloud cannot be copied. */
  async copy(): Promise<World | undefined> {
    const cloud = await this.cloud.copy?.();
    if (!cloud) return undefined;
    const clock = { ahead: this.#clock.ahead };
    const table = evaluate(clock).memoryTable();
    for (const row of await this.#table.getAll([...this.#keys.values()])) await table.put(row);
    return new World(cloud, { table, clock, keys: this.#keys.values(), ignored: this.#ignored });
  }

  /** A new process, which knows nothing of the others. */
  async process(): Promise<Process> {
    const { serving } = await this.#start(new Life());
    return {
      send: async ({ method, path, ...call }) => {
        const reply = await serving.send(method, path, this.#withCaller(call));
        if (!reply) throw new Error(`The endpoint closed the connection of ${method} ${path}.`);
        return reply;
      },
    };
  }

  /** One request to a process that may die over it: its answer, if there was one, and its steps. */
  async once({ method, path, ...call }: Request, death?: Death) {
    const life = new Life(death);
    const { serving } = await this.#start(life);
    const reply = await serving.send(method, path, this.#withCaller(call));
    if (!reply) {
      await life.settled();
      serving.stop();
    }
    return { reply, steps: life.steps as readonly Step[] };
  }

  /** Time passes, for the processes and for the cloud. */
  later(milliseconds: number): void {
    this.#clock.ahead += milliseconds;
    this.cloud.later(milliseconds);
  }

  /** From now on rows count: what was met in the cloud before is of no scenario. */
  beginRows(): void {
    for (const name of this.#keys.keys()) this.#ignored.add(name);
  }

  /** The rows that stay until somebody deletes them. */
  async lastingRows(): Promise<readonly Row[]> {
    const rows = await this.#table.getAll([...this.#keys.values()]);
    return rows.filter((row) => row.expires === undefined && !this.#ignored.has(nameOf(row)));
  }

  async stop(): Promise<void> {
    if (!worlds.delete(this)) return;
    for (const one of this.#running) one.stop();
    await this.cloud.stop();
  }

  async #start(life: Life) {
    const { cloud } = this;
    const relay = await this.#relay(life);
    const settings = {
      adapter: { name: cloud.name, site: 'crash', settings: cloud.settings(relay?.endpoint) },
      table: { kind: 'memory' },
      auth: [cloud.auth],
      limits: { responseHeaderBytes: 32_768, deleteAll: true },
      local: true,
    };
    const remember = (key: RowKey) => void this.#keys.set(nameOf(key), key);
    const table = mortalTable(this.#table, life, remember);
    const serving = await startProcess(this.#clock, table, settings, life);
    this.#running.push(serving, ...(relay ? [relay] : []));
    return { serving };
  }

  /** The way of one process to its cloud; none to the embedded one. */
  async #relay(life: Life): Promise<Relay | undefined> {
    const { endpoint, origins, callOf } = this.cloud;
    if (endpoint === undefined) return undefined;
    return origins
      ? await startRelays(endpoint, origins, { callOf, life })
      : await startRelay(endpoint, { callOf, life });
  }

  #withCaller({ headers, body }: Call): Call {
    return { headers: { ...headers, ...this.cloud.headers }, ...(body !== undefined && { body }) };
  }
}
