/** A call in EC2's query protocol: a form with an action, its lists numbered from 1 (`InstanceId.1`). */
import type { IncomingHttpHeaders } from 'node:http';

export interface Filter {
  readonly name: string;
  readonly values: readonly string[];
}

export class Call {
  constructor(
    readonly action: string,
    readonly params: ReadonlyMap<string, string>,
    readonly headers: IncomingHttpHeaders,
  ) {}

  /** The same caller, asking for something else. */
  asking(action: string, params: Readonly<Record<string, string>> | ReadonlyMap<string, string>): Call {
    const entries = params instanceof Map ? params : new Map(Object.entries(params));
    return new Call(action, new Map([...entries, ['Action', action], ['Version', this.get('Version')]]), this.headers);
  }

  /** Empty where it was not given. */
  get(name: string): string {
    return this.params.get(name) ?? '';
  }

  isTrue(name: string): boolean {
    return this.get(name).toLowerCase() === 'true';
  }

  /** A list of values, `InstanceId.1` and so on; or the only value, where the name has no number. */
  list(name: string): string[] {
    const numbered = [...this.params.keys()].filter(
      (key) => key.startsWith(`${name}.`) && /^\d+$/.test(key.slice(name.length + 1)),
    );
    const keys = numbered.sort((a, b) => Number(a.slice(name.length + 1)) - Number(b.slice(name.length + 1)));
    return [...(this.params.has(name) ? [name] : []), ...keys].map((key) => this.get(key));
  }

  /** The members of a list of structures: the part of each key behind `Name.1.`. */
  structures(name: string): Map<string, string>[] {
    const members = new Map<number, Map<string, string>>();
    for (const [key, value] of this.params) {
      const [, number, rest] = new RegExp(`^${name}\\.(\\d+)\\.(.+)$`).exec(key) ?? [];
      if (!number || !rest) continue;
      const member = members.get(Number(number)) ?? new Map<string, string>();
      members.set(Number(number), member.set(rest, value));
    }
    return [...members].sort(([a], [b]) => a - b).map(([, member]) => member);
  }

  filters(): Filter[] {
    return this.structures('Filter').map((member) => ({
      name: member.get('Name') ?? '',
      values: [...member].filter(([key]) => key.startsWith('Value.')).map(([, value]) => value),
    }));
  }

  /** Without the parameters whose names begin so, and with others. */
  with(changes: Readonly<Record<string, string>>, without: readonly string[] = []): Call {
    const kept = [...this.params].filter(
      ([key]) => !without.some((name) => key === name || key.startsWith(`${name}.`)),
    );
    return new Call(this.action, new Map([...kept, ...Object.entries(changes)]), this.headers);
  }

  body(): string {
    return new URLSearchParams([...this.params]).toString();
  }

  /** Key, region and service, as the signature names them; moto reads account and region from the same place. */
  signer(): { readonly key: string; readonly region: string; readonly service: string } {
    const [, key = '', region = '', service = ''] =
      /Credential=([^/]+)\/[^/]+\/([^/]+)\/([^/]+)\//.exec(this.headers.authorization ?? '') ?? [];
    return { key, region, service };
  }
}

export const readCall = (body: string, headers: IncomingHttpHeaders): Call => {
  const params = new Map(new URLSearchParams(body));
  return new Call(params.get('Action') ?? '', params, headers);
};
