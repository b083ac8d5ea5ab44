import { Fault } from './refusal.ts';
import type { Caller } from './session.ts';
import type { Site } from './site.ts';
import type { AnswerValue } from './xml-rpc-answer.ts';
import type { Param } from './xml-rpc-call.ts';

/** A call with its parameters behind the session, of the types that the method takes. */
export class Call {
  constructor(
    readonly site: Site,
    readonly who: Caller,
    private readonly params: readonly Param[],
  ) {}

  text(index: number, otherwise = ''): string {
    const param = this.params[index];
    return param?.type === 'string' ? param.value : otherwise;
  }

  number(index: number, otherwise = -1): number {
    const param = this.params[index];
    return param?.type === 'integer' ? param.value : otherwise;
  }

  flag(index: number): boolean {
    const param = this.params[index];
    return param?.type === 'boolean' && param.value;
  }

  numbers(index: number): number[] {
    const param = this.params[index];
    return param?.type === 'array' ? param.value.flatMap((one) => (one.type === 'integer' ? [one.value] : [])) : [];
  }
}

export interface Method {
  /** Types of the parameters behind the session: s, i, b, A; what must be there, then groups that may follow. */
  readonly takes: readonly string[];
  readonly run: (call: Call) => AnswerValue;
}

export type Methods = Readonly<Record<string, Method>>;

const TYPES: Readonly<Record<string, { readonly type: Param['type']; readonly called: string }>> = {
  s: { type: 'string', called: 'a string' },
  i: { type: 'integer', called: 'integer' },
  b: { type: 'boolean', called: 'boolean' },
  A: { type: 'array', called: 'an array' },
};

/**
 * Too many parameters are ignored; of a group that may be left out the whole is read once its first is there.
 * @throws {Fault} −501, before anything is asked of oned
 */
export const refuseParams = ({ takes }: Method, params: readonly Param[]): void => {
  let from = 0;
  takes.forEach((group, number) => {
    if (number > 0 && params.length <= from) return;
    for (const letter of group) {
      const { type, called } = TYPES[letter]!;
      const param = params[from];
      if (!param) throw new Fault(-501, 'Not enough parameters');
      if (param.type !== type) throw new Fault(-501, `Parameter that is supposed to be ${called} is not`);
      from += 1;
    }
  });
};
